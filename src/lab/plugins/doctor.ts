import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { askHost } from '../ask/ask-host';
import { browserClock } from '../clock';
import { CommandIDs } from '../command-ids';
import { TARGET_ARGUMENTS, targetArgument } from '../commands/command-arguments';
import { DoctorSession } from '../doctor/doctor-session';
import { DoctorView } from '../doctor/doctor-view';
import { sluiceIcon } from '../icons';
import { type IWorkPlace, workPlaceOf } from '../notebook/work-place';
import { TRANSLATION_DOMAIN } from '../plugin-id';
import { ISluiceService } from '../service';
import { showBeside } from '../show-beside';
import { freshTargets } from '../tasks/fresh-targets';
import { ITaskStore } from '../tasks/task-store';

/** The command that checks a target step by step, and shows how that goes. */
export const doctorPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-sluice:doctor',
  description: 'Checks a Slurm target step by step.',
  autoStart: true,
  requires: [ISluiceService, ITaskStore],
  optional: [INotebookTracker, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    service: ISluiceService,
    store: ITaskStore,
    tracker: INotebookTracker | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const place = workPlaceOf(tracker, browserClock);
    const views = new DoctorViews(app, service, place, trans);
    app.commands.addCommand(CommandIDs.doctor, {
      label: trans.__('Check a target…'),
      caption: trans.__('Go step by step from the name of the host to a finished job'),
      describedBy: TARGET_ARGUMENTS,
      execute: async args => {
        const target = targetArgument(args) ?? (await askTarget(store, place, trans));
        if (target !== null) {
          // The host may ask for a login, and that comes over the stream.
          store.start();
          await views.show(target);
        }
      }
    });
    palette?.addItem({ command: CommandIDs.doctor, category: trans.__('Slurm') });
  }
};

async function askTarget(
  store: ITaskStore,
  place: IWorkPlace,
  trans: TranslationBundle
): Promise<string | null> {
  const targets = await freshTargets(store, place.projectDir(), trans);
  return targets && askHost(targets, trans);
}

/** The checks that are shown, one view for each target. */
class DoctorViews {
  constructor(
    private readonly _app: JupyterFrontEnd,
    private readonly _service: ISluiceService,
    private readonly _place: IWorkPlace,
    private readonly _trans: TranslationBundle
  ) {}

  /** Show the view of a target, and check it unless that is under way. */
  async show(target: string): Promise<void> {
    const id = `sluice-doctor-${target}`;
    let widget = this._tracker.find(one => one.id === id);
    if (!widget) {
      widget = this._open(target, id);
      await this._tracker.add(widget);
    }
    showBeside(this._app.shell, widget, { mode: 'split-right' });
    void this._sessions.get(widget)?.run();
  }

  private _open(target: string, id: string): MainAreaWidget<DoctorView> {
    const { _service: service, _place: place, _trans: trans } = this;
    const session = new DoctorSession({ service, clock: browserClock, target, place });
    const content = new DoctorView({ session, trans, close: () => widget.dispose() });
    const widget = new MainAreaWidget({ content });
    // The frame calls every content “main area content”.
    content.node.setAttribute('aria-label', trans.__('Check of %1', target));
    widget.id = id;
    widget.title.label = trans.__('Check: %1', target);
    widget.title.icon = sluiceIcon;
    widget.title.closable = true;
    this._sessions.set(widget, session);
    return widget;
  }

  private readonly _tracker = new WidgetTracker<MainAreaWidget<DoctorView>>({
    namespace: 'sluice-doctor'
  });
  private readonly _sessions = new WeakMap<MainAreaWidget<DoctorView>, DoctorSession>();
}
