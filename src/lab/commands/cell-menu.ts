import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Menu } from '@lumino/widgets';
import { CommandIDs } from '../command-ids';

/** The drop-down beside the button in a cell: what would be sent, and the ways to send it. */
export function makeCellMenu(commands: JupyterFrontEnd['commands']): Menu {
  const menu = new Menu({ commands });
  menu.addClass('sluice-CellMenu');
  for (const command of [
    CommandIDs.cellSummary,
    null,
    CommandIDs.runCell,
    CommandIDs.dryRunCell,
    CommandIDs.rehearseCell,
    CommandIDs.rehearseCellThere,
    null,
    CommandIDs.chooseTarget,
    CommandIDs.cancelCell,
    CommandIDs.openPanel
  ]) {
    menu.addItem(command === null ? { type: 'separator' } : { command });
  }
  return menu;
}

/** Open it below a button; when it closes without a choice the keyboard is back on the button. */
export function openBelow(menu: Menu, button: HTMLElement): void {
  const { left, bottom } = button.getBoundingClientRect();
  button.setAttribute('aria-expanded', 'true');
  const onClose = (): void => {
    menu.aboutToClose.disconnect(onClose);
    button.setAttribute('aria-expanded', 'false');
    button.focus();
  };
  menu.aboutToClose.connect(onClose);
  // Else it may be fitted into a window that had another size when some menu was last opened.
  Menu.saveWindowData();
  menu.open(left, bottom);
  menu.activateNextItem();
}
