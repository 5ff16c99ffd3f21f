import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSX, ReactNode } from 'react';
import type { Plan } from '../../shared/wire/plan';
import { formatBytes } from '../words/format-bytes';
import { Attention } from './attention';
import { PlanTable, Section } from './plan-table';
import { SchedulerAnswer } from './scheduler-answer';
import { summaryWords } from './summary-words';

type PlanPageProps = {
  plan: Plan;
  /** Milliseconds since the epoch; starts are told from here. */
  now: number;
  trans: TranslationBundle;
  /** What stands between the summary and the sections, such as a rehearsal. */
  children?: ReactNode;
};

/** The plan as a person reads it: the sum, what needs a look, the scheduler, then every thing. */
export function PlanPage({ plan, now, trans, children }: PlanPageProps): JSX.Element {
  return (
    <>
      <p className="sluice-PlanView-summary">{summaryWords(plan, trans)}</p>
      <SchedulerAnswer plan={plan} now={now} trans={trans} />
      <Attention plan={plan} trans={trans} />
      {children}
      <Sections plan={plan} trans={trans} />
      <Section title={trans.__('Script')} isOpen={false}>
        <pre tabIndex={0} aria-label={trans.__('Script')}>
          {plan.script}
        </pre>
      </Section>
    </>
  );
}

function Sections({ plan, trans }: { plan: Plan; trans: TranslationBundle }): JSX.Element {
  const size = trans.__('Size');
  const why = trans.__('Why');
  const bytes = {
    title: size,
    look: 'number',
    cell: (row: { bytes: number }) => formatBytes(row.bytes)
  } as const;
  const reason = { title: why, cell: (row: { why: string }) => row.why };
  return (
    <>
      <PlanTable
        title={trans.__('Modules')}
        size={sum(plan.modules)}
        columns={[
          { title: trans.__('Module'), look: 'code', cell: row => row.module },
          { title: trans.__('Path'), look: 'code', cell: row => row.path },
          bytes,
          reason
        ]}
        rows={plan.modules}
        trans={trans}
      />
      <PlanTable
        title={trans.__('Files')}
        size={sum(plan.files)}
        columns={[{ title: trans.__('Path'), look: 'code', cell: row => row.path }, bytes, reason]}
        rows={plan.files}
        trans={trans}
      />
      <PlanTable
        title={trans.__('Variables')}
        size={sum(plan.variables)}
        columns={[
          { title: trans.__('Name'), look: 'code', cell: row => row.name },
          { title: trans.__('Type'), look: 'code', cell: row => row.type },
          bytes,
          { title: trans.__('Travels as'), cell: row => row.format },
          reason
        ]}
        rows={plan.variables}
        trans={trans}
      />
      <PlanTable
        title={trans.__('Packages')}
        isFolded
        columns={[
          { title: trans.__('Name'), look: 'code', cell: row => row.name },
          { title: trans.__('Version'), look: 'code', cell: row => row.version },
          reason
        ]}
        rows={plan.packages}
        trans={trans}
      />
    </>
  );
}

function sum(rows: readonly { bytes: number }[]): string {
  return formatBytes(rows.reduce((total, row) => total + row.bytes, 0));
}
