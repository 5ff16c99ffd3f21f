import type { ICodeCellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { SluiceError } from '../../shared/errors';
import type { Plan } from '../../shared/wire/plan';
import type { Finding } from '../../shared/wire/rehearsal';
import type { SubmitInput } from '../../shared/wire/submit';
import type { Task } from '../../shared/wire/task';
import { type AskConsent, withConsent } from '../ask/project-consent';
import type { IClock } from '../clock';
import { askCapture } from '../kernel/ask-capture';
import { cellRequest, targetOfCell } from '../notebook/cell-request';
import { submitSurely } from '../notebook/submit-surely';
import type { ISluiceService } from '../service';
import type { ITaskStore } from '../tasks/task-store';
import type { IPlanSource } from './plan-session';

/** A rehearsal asks for this much, so that it gets into the shortest queue. */
const REHEARSAL_TIME = '5';

type CellPlanSourceOptions = {
  service: ISluiceService;
  store: ITaskStore;
  clock: IClock;
  panel: NotebookPanel;
  model: ICodeCellModel;
  /** Ask whether the cell may run on this machine, which others use too. */
  askConsent(): Promise<boolean>;
  /** Ask whether to allow what a project file asks for. */
  askProjectFile: AskConsent;
};

/** Asks for a dry run of one cell of an open notebook. */
export class CellPlanSource implements IPlanSource {
  constructor(private readonly _options: CellPlanSourceOptions) {}

  source(): string {
    return this._options.model.sharedModel.getSource();
  }

  async plan(isRehearsal: boolean, signal: AbortSignal): Promise<Plan> {
    const { service } = this._options;
    const request = await this._request(signal);
    return this._allowed(() => service.plan({ ...request, rehearse: isRehearsal }, signal));
  }

  async consent(): Promise<boolean> {
    if (this._hasConsent) {
      return true;
    }
    const { rehearsalNeedsConsent } = await this._options.service.captureKit();
    this._hasConsent = !rehearsalNeedsConsent || (await this._options.askConsent());
    return this._hasConsent;
  }

  async rehearseThere(): Promise<Task> {
    const { service, store, clock } = this._options;
    const request = await this._request(new AbortController().signal);
    const resources = { ...request.resources, time: REHEARSAL_TIME };
    const rehearsal = { ...request, resources, rehearsal: true };
    const task = await this._allowed(() => submitSurely(service, rehearsal, clock));
    store.put(task);
    return task;
  }

  onFinding(task: Task, tell: (finding: Finding) => void): () => void {
    return this._options.service.stream.subscribe(task.id, 0, event => {
      if (event.type === 'rehearsal') {
        tell(event.data);
      }
    });
  }

  /** Do it once the person has allowed what the project's file asks for. */
  private _allowed<Answer>(action: () => Promise<Answer>): Promise<Answer> {
    const { service, askProjectFile } = this._options;
    return withConsent(consent => service.consent(consent), askProjectFile, action);
  }

  private async _request(signal: AbortSignal): Promise<SubmitInput> {
    const { service, clock, panel, model } = this._options;
    if (panel.isDisposed) {
      throw new SluiceError('kernel-silent', { problem: 'its notebook was closed' });
    }
    const source = this.source();
    const target = targetOfCell(panel, model);
    const session = panel.sessionContext;
    const capture = await askCapture(service, session, source, clock, signal, { target });
    return cellRequest(panel, model, source, capture);
  }

  private _hasConsent = false;
}
