import type { TranslationBundle } from '@jupyterlab/translation';
import { type JSX, useId } from 'react';
import type { Finding, Rehearsal } from '../../shared/wire/rehearsal';
import { doneIcon, failedIcon } from '../icons';
import { CodeWords } from './code-words';
import { PlanOutputs, type OutputHost } from './plan-outputs';
import { rehearsalWords } from './rehearsal-words';

type ReportProps = {
  title: string;
  /** Without outputs where it ran on the cluster; they are in its log. */
  rehearsal: Finding & Partial<Pick<Rehearsal, 'outputs'>>;
  trans: TranslationBundle;
  /** Goes to a line of the cell; absent: there is no cell at hand. */
  onLine?: (line: number) => void;
  /** Makes the area that shows the outputs; absent: they are not shown. */
  outputs?: OutputHost;
};

/** What a rehearsal found: what would be missing there, and what it printed. */
export function RehearsalReport({
  title,
  rehearsal,
  trans,
  onLine,
  outputs
}: ReportProps): JSX.Element {
  const id = useId();
  const printed = rehearsal.outputs ?? [];
  const Icon = (rehearsal.ok ? doneIcon : failedIcon).react;
  return (
    <section className="sluice-Rehearsal" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <p role="status" data-verdict={rehearsal.ok ? 'accepted' : 'refused'}>
        <Icon tag="span" width="14px" aria-hidden="true" />{' '}
        {rehearsal.message ?? rehearsalWords(rehearsal, trans)}
      </p>
      {rehearsal.uncaptured.length > 0 && (
        <ul aria-label={trans.__('Not captured')}>
          {rehearsal.uncaptured.map((one, index) => (
            <li key={index}>
              {kindWord(one.kind, trans)} <code>{one.name}</code>{' '}
              <Line line={one.line} onLine={onLine} trans={trans} />
              {one.text !== '' && (
                <div>
                  <CodeWords text={one.text} />
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      {outputs && printed.length > 0 && (
        <div
          className="sluice-Rehearsal-outputs"
          role="region"
          aria-label={trans.__('Its outputs')}
        >
          <h4>{trans.__('Its outputs, apart from the cell’s own')}</h4>
          <PlanOutputs outputs={printed} host={outputs} />
        </div>
      )}
    </section>
  );
}

type LineProps = { line: number | null } & Pick<ReportProps, 'onLine' | 'trans'>;

function Line({ line, onLine, trans }: LineProps): JSX.Element | null {
  if (line === null) {
    return null;
  }
  const words = trans.__('line %1', line);
  if (!onLine) {
    return <span>({words})</span>;
  }
  return (
    <button
      type="button"
      className="sluice-Link"
      aria-label={trans.__('Go to line %1 of the cell', line)}
      onClick={() => onLine(line)}
    >
      {words}
    </button>
  );
}

function kindWord(kind: Rehearsal['uncaptured'][number]['kind'], trans: TranslationBundle): string {
  switch (kind) {
    case 'file':
      return trans.__('File');
    case 'module':
      return trans.__('Module');
    case 'host':
      return trans.__('Network host');
  }
}
