import type { IOutput } from '@jupyterlab/nbformat';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { type JSX, useEffect, useRef } from 'react';

/** Makes a widget that renders outputs in notebook format; the caller disposes it. */
export type OutputHost = (outputs: readonly IOutput[]) => Widget;

/** Outputs as a cell would show them, apart from any cell. */
export function PlanOutputs({
  outputs,
  host
}: {
  outputs: readonly Record<string, unknown>[];
  host: OutputHost;
}): JSX.Element {
  const node = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const widget = host(outputs as readonly IOutput[]);
    if (node.current) {
      MessageLoop.sendMessage(widget, Widget.Msg.BeforeAttach);
      node.current.append(widget.node);
      MessageLoop.sendMessage(widget, Widget.Msg.AfterAttach);
    }
    return () => widget.dispose();
  }, [outputs, host]);
  return <div ref={node} />;
}
