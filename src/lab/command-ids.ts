/** Ids of all commands of this extension. */
export const CommandIDs = {
  runCell: 'sluice:run-cell',
  dryRunCell: 'sluice:dry-run-cell',
  rehearseCell: 'sluice:rehearse-cell',
  rehearseCellThere: 'sluice:rehearse-cell-there',
  cancelCell: 'sluice:cancel-cell',
  /** What the active cell would send, as a line in its menu; it does nothing. */
  cellSummary: 'sluice:cell-summary',
  /** The drop-down beside the button. */
  cellMenu: 'sluice:cell-menu',
  /** What the button in the cell toolbar does: run, or cancel while the cell's task is live. */
  cellButton: 'sluice:cell-button',
  openPanel: 'sluice:open-panel',
  openLog: 'sluice:open-log',
  cancelTask: 'sluice:cancel-task',
  /** Cancel several jobs, or all that have not ended. */
  cancelTasks: 'sluice:cancel-tasks',
  cancelAll: 'sluice:cancel-all',
  /** Decide about a task of which it is not known what became of it. */
  lookNow: 'sluice:look-now',
  giveUp: 'sluice:give-up',
  runAgain: 'sluice:run-again',
  /** Bring a value that was kept. */
  bringValue: 'sluice:bring-value',
  /** Take over jobs on a target that are not known here. */
  findJobs: 'sluice:find-jobs',
  /** How far a target is trusted. */
  chooseTrust: 'sluice:choose-trust',
  goToCell: 'sluice:go-to-cell',
  /** The files that a task wrote. */
  openFiles: 'sluice:open-files',
  /** Connect to the host of a target. */
  logIn: 'sluice:log-in',
  /** Look a target over, step by step. */
  doctor: 'sluice:doctor',
  /** Which target the active cell runs on. */
  chooseTarget: 'sluice:choose-target'
} as const;
