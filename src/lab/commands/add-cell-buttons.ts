import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownIcon, stopIcon } from '@jupyterlab/ui-components';
import { CellToolbarButton } from '../cell/cell-toolbar-button';
import { CommandIDs } from '../command-ids';
import { sluiceIcon } from '../icons';
import type { WarmCaptures } from '../notebook/warm-captures';
import { briefWords } from '../plan/summary-words';
import { activePlace } from './active-place';
import type { CellCommands } from './cell-commands';
import { makeCellMenu, openBelow } from './cell-menu';
import { NO_ARGUMENTS } from './command-arguments';

type ButtonsOptions = {
  app: JupyterFrontEnd;
  tracker: INotebookTracker;
  cellCommands: CellCommands;
  warm: WarmCaptures;
  toolbars: IToolbarWidgetRegistry | null;
  trans: TranslationBundle;
};

/** Give the toolbar of the active cell its button and its drop-down. */
export function addCellButtons(options: ButtonsOptions): void {
  const { app, cellCommands, warm, toolbars, trans } = options;
  const menu = makeCellMenu(app.commands);
  const onApproach = (): void => warm.askNow();
  addMenuCommands(options, button => openBelow(menu, button));
  // The answer may come while the menu is open.
  warm.changed.connect(() => menu.update());
  toolbars?.addFactory('Cell', 'sluice-run', () =>
    keepFresh(options, {
      look: () => ({
        icon: cellCommands.isActiveLive ? stopIcon : sluiceIcon,
        name: cellCommands.buttonWords,
        description: summary(options)
      }),
      onClick: () => void app.commands.execute(CommandIDs.cellButton),
      onApproach
    })
  );
  toolbars?.addFactory('Cell', 'sluice-menu', () =>
    keepFresh(options, {
      look: () => ({
        icon: caretDownIcon,
        name: trans.__('More ways to run on Slurm'),
        description: null
      }),
      hasMenu: true,
      onClick: button => openBelow(menu, button),
      onApproach
    })
  );
}

/** What the active cell would send, in a few words; null: not known. */
function summary({ tracker, cellCommands, warm, trans }: ButtonsOptions): string | null {
  const place = activePlace(tracker);
  const plan = place && !cellCommands.isActiveLive ? warm.planOf(place.cell.model) : null;
  return plan && briefWords(plan, trans);
}

function keepFresh(
  { app, warm }: ButtonsOptions,
  options: ConstructorParameters<typeof CellToolbarButton>[0]
): CellToolbarButton {
  const button = new CellToolbarButton(options);
  const refresh = (): void => button.refresh();
  warm.changed.connect(refresh);
  app.commands.commandChanged.connect(onCommandChanged);
  button.disposed.connect(() => {
    warm.changed.disconnect(refresh);
    app.commands.commandChanged.disconnect(onCommandChanged);
  });
  function onCommandChanged(_: unknown, { id }: { id?: string }): void {
    if (id === CommandIDs.cellButton) {
      refresh();
    }
  }
  return button;
}

function addMenuCommands(options: ButtonsOptions, open: (button: HTMLElement) => void): void {
  const { app, tracker, trans } = options;
  app.commands.addCommand(CommandIDs.cellSummary, {
    label: () => summary(options) ?? trans.__('“Dry run” shows what the cell would send'),
    describedBy: NO_ARGUMENTS,
    isEnabled: () => false,
    execute: () => undefined
  });
  app.commands.addCommand(CommandIDs.cellMenu, {
    label: trans.__('More ways to run on Slurm'),
    describedBy: NO_ARGUMENTS,
    isEnabled: () => activePlace(tracker) !== null,
    execute: () => {
      const node = activePlace(tracker)?.cell.node;
      const button = node?.querySelector<HTMLElement>('[data-jp-item-name="sluice-menu"] button');
      open(button ?? node ?? document.body);
    }
  });
}
