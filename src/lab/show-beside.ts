import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { Widget } from '@lumino/widgets';

/**
 * Show a widget beside the notebook and go there: in a split of the main area, or, where the main
 * area holds one notebook only (Notebook 7), in the side area. It may be called for a widget that
 * is shown already.
 */
export function showBeside(
  shell: JupyterFrontEnd.IShell,
  widget: Widget,
  options: { ref?: string; mode: 'split-right' | 'split-bottom' }
): void {
  if (!widget.isAttached) {
    shell.add(widget, 'main', options);
  }
  if (!widget.isAttached && widget.parent === null) {
    // Notebook 7 leaves out, without a word, what does not fit into its main area.
    shell.add(widget, 'right', { rank: 1001 });
  }
  shell.activateById(widget.id);
}
