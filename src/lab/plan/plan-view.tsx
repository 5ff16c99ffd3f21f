import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import type { JSX } from 'react';
import { PlanProgress } from './plan-progress';
import { type PlanActions, PlanToolbar } from './plan-actions';
import type { OutputHost } from './plan-outputs';
import { PlanPage } from './plan-page';
import type { PlanSession } from './plan-session';
import { RehearsalReport } from './rehearsal-report';
import { isWorthRehearsingThere } from './rehearsal-words';

type PlanViewOptions = {
  session: PlanSession;
  actions: PlanActions;
  outputs: OutputHost;
  trans: TranslationBundle;
};

/** A dry run as a page beside the notebook. */
export class PlanView extends ReactWidget {
  constructor(private readonly _options: PlanViewOptions) {
    super();
    this.addClass('sluice-PlanView');
    this.node.setAttribute('role', 'region');
    // Focus comes here first; the arrow keys scroll, Tab goes on to the buttons.
    this.node.tabIndex = -1;
  }

  override dispose(): void {
    this._options.session.dispose();
    super.dispose();
  }

  protected override onActivateRequest(_: Message): void {
    this.node.focus();
  }

  protected override render(): JSX.Element {
    const { session } = this._options;
    return <UseSignal signal={session.changed}>{() => <View {...this._options} />}</UseSignal>;
  }
}

function View({ session, actions, outputs, trans }: PlanViewOptions): JSX.Element {
  const { plan } = session;
  return (
    <div className="sluice-PlanView-page">
      <h2>{plan ? trans.__('Dry run on %1', plan.target) : trans.__('Dry run')}</h2>
      <PlanToolbar session={session} actions={actions} trans={trans} />
      <PlanProgress session={session} actions={actions} trans={trans} />
      {plan && (
        <PlanPage plan={plan} now={session.now} trans={trans}>
          {plan.rehearsal && (
            <RehearsalReport
              title={trans.__('Rehearsal')}
              rehearsal={plan.rehearsal}
              trans={trans}
              onLine={actions.goToLine}
              outputs={outputs}
            />
          )}
          {session.task && session.finding && (
            <RehearsalReport
              title={trans.__('Rehearsal on %1', session.task.target)}
              rehearsal={session.finding}
              trans={trans}
              onLine={actions.goToLine}
            />
          )}
          {plan.rehearsal && isWorthRehearsingThere(plan.rehearsal) && (
            <p>
              {trans.__(
                'The cluster can tell more: “Rehearse on the cluster” runs it there for five minutes.'
              )}
            </p>
          )}
        </PlanPage>
      )}
    </div>
  );
}
