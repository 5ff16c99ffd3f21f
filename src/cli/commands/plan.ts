import { dirname, resolve } from 'node:path';
import type { Resources } from '../../shared/wire/resources';
import { type CommandContext, print } from '../command-context';
import { parseMagicCell } from '../parse-magic';
import { planText } from '../print/plan-text';
import { readCell } from '../read-cell';

export type PlanQuestion = {
  notebook: string;
  cell: string;
  /** Null: what the cell says, else the target that the service finds. */
  target: string | null;
  resources: Resources;
};

/** What a run of a saved notebook's cell would send; the values of a kernel are not known here. */
export async function plan(context: CommandContext, question: PlanQuestion): Promise<number> {
  const path = resolve(context.cwd, question.notebook);
  const cell = await readCell(path, question.cell);
  const magic = parseMagicCell(cell.source);
  const body = await context.access.ask(client =>
    client.plan({
      requestId: context.newRequestId(),
      target: question.target ?? magic.target ?? cell.target,
      resources: { ...magic.resources, ...question.resources },
      payload: { kind: 'cell', source: magic.source, outputs: null },
      origin: { notebookPath: path, cellId: cell.id, kernelId: null },
      projectDir: dirname(path),
      capture: null
    })
  );
  print(context, body, planText);
  return 0;
}
