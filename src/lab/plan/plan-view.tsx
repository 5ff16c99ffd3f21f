import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { JSX } from 'react';
import type { Plan } from '../../shared/wire/plan';
import { formatBytes } from '../words/format-bytes';

/** What a dry run found, as a page. */
export class PlanView extends ReactWidget {
  constructor(
    private readonly _plan: Plan,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('sluice-PlanView');
    this.node.tabIndex = 0;
  }

  protected override render(): JSX.Element {
    return <PlanPage plan={this._plan} trans={this._trans} />;
  }
}

type PlanProps = { plan: Plan; trans: TranslationBundle };

/** The plan in sections: what would go, what would stay, and the script. */
export function PlanPage({ plan, trans }: PlanProps): JSX.Element {
  const { transfer } = plan;
  return (
    <>
      <h2>{trans.__('Dry run on %1', plan.target)}</h2>
      <p>
        {trans.__(
          'To send: %1 files, %2. Nothing was sent.',
          transfer.files,
          formatBytes(transfer.bytes)
        )}
      </p>
      <Submission plan={plan} trans={trans} />
      <Table
        title={trans.__('Left out')}
        head={[trans.__('Kind'), trans.__('Name'), trans.__('Reason')]}
        rows={plan.leftOut.map(one => [one.kind, one.name, one.reason])}
      />
      <Table
        title={trans.__('Variables')}
        head={[
          trans.__('Name'),
          trans.__('Type'),
          trans.__('Size'),
          trans.__('Format'),
          trans.__('Why')
        ]}
        rows={plan.variables.map(one => [
          one.name,
          one.type,
          formatBytes(one.bytes),
          one.format,
          one.why
        ])}
      />
      <Table
        title={trans.__('Modules')}
        head={[trans.__('Module'), trans.__('Path'), trans.__('Size'), trans.__('Why')]}
        rows={plan.modules.map(one => [one.module, one.path, formatBytes(one.bytes), one.why])}
      />
      <Table
        title={trans.__('Files')}
        head={[trans.__('Path'), trans.__('Size'), trans.__('Why')]}
        rows={plan.files.map(one => [one.path, formatBytes(one.bytes), one.why])}
      />
      <Table
        title={trans.__('Packages')}
        head={[trans.__('Name'), trans.__('Version'), trans.__('Why')]}
        rows={plan.packages.map(one => [one.name, one.version, one.why])}
      />
      <Table
        title={trans.__('Resources')}
        head={[trans.__('Name'), trans.__('Value')]}
        rows={Object.entries(plan.resources).map(([name, value]) => [name, String(value)])}
      />
      <h3>{trans.__('Script')}</h3>
      <pre tabIndex={0}>{plan.script}</pre>
    </>
  );
}

function Submission({ plan, trans }: PlanProps): JSX.Element | null {
  const { submit } = plan;
  if (!submit) {
    return null;
  }
  const verdict = submit.accepted
    ? trans.__('Slurm would accept the job.')
    : trans.__('Slurm would refuse the job.');
  return (
    <p>
      {verdict} {submit.message}{' '}
      {submit.estimatedStart !== null && trans.__('Estimated start: %1.', submit.estimatedStart)}
    </p>
  );
}

type TableProps = { title: string; head: readonly string[]; rows: readonly (readonly string[])[] };

function Table({ title, head, rows }: TableProps): JSX.Element | null {
  if (rows.length === 0) {
    return null;
  }
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <table>
        <thead>
          <tr>
            {head.map(cell => (
              <th key={cell} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={head[column]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
