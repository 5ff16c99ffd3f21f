/** Ids of all commands of this extension. */
export const CommandIDs = {
  runCell: 'sluice:run-cell',
  dryRunCell: 'sluice:dry-run-cell',
  cancelCell: 'sluice:cancel-cell',
  /** What the button in the cell toolbar does: run, or cancel while the cell's task is live. */
  cellButton: 'sluice:cell-button',
  openPanel: 'sluice:open-panel',
  openLog: 'sluice:open-log',
  cancelTask: 'sluice:cancel-task',
  goToCell: 'sluice:go-to-cell'
} as const;
