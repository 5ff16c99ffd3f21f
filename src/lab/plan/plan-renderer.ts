import type { IRenderMime } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { createElement, type JSX } from 'react';
import type { Plan } from '../../shared/wire/plan';
import type { IClock } from '../clock';
import { PlanPage } from './plan-page';
import { readPlan } from './read-plan';
import { RehearsalReport } from './rehearsal-report';

/** What `%%slurm --dry-run` displays. */
export const PLAN_MIME_TYPE = 'application/vnd.sluice.plan+json';

/** Renders the plan in an output; only its words, so it is safe in any notebook. */
export function planRendererFactory(
  clock: IClock,
  trans: TranslationBundle
): IRenderMime.IRendererFactory {
  return {
    safe: true,
    mimeTypes: [PLAN_MIME_TYPE],
    // Before the table in HTML that the magic adds for other front ends.
    defaultRank: 10,
    createRenderer: () => new PlanOutput(clock, trans)
  };
}

class PlanOutput extends ReactWidget implements IRenderMime.IRenderer {
  constructor(
    private readonly _clock: IClock,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('sluice-PlanOutput');
    this.addClass('sluice-PlanView');
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this._plan = readPlan(model.data[PLAN_MIME_TYPE]);
    this.update();
    await this.renderPromise;
  }

  protected override render(): JSX.Element {
    const { _plan: plan, _trans: trans } = this;
    if (!plan) {
      return createElement('p', {}, trans.__('This dry run cannot be read.'));
    }
    const { rehearsal } = plan;
    const report =
      rehearsal &&
      createElement(RehearsalReport, { title: trans.__('Rehearsal'), rehearsal, trans });
    return createElement(PlanPage, { plan, now: this._clock.now(), trans }, report);
  }

  private _plan: Plan | null = null;
}
