import { type LabIcon, stopIcon } from '@jupyterlab/ui-components';
import {
  againIcon,
  doneIcon,
  failedIcon,
  heldIcon,
  memoryIcon,
  nodeFailedIcon,
  timedOutIcon,
  unknownIcon,
  waitingIcon,
  workingIcon
} from './icons';
import type { TaskLook } from './words/task-look';

/** The icon of each look. */
export const TASK_ICONS: Readonly<Record<TaskLook, LabIcon>> = {
  waiting: waitingIcon,
  held: heldIcon,
  again: againIcon,
  running: workingIcon,
  done: doneIcon,
  failed: failedIcon,
  'timed-out': timedOutIcon,
  'out-of-memory': memoryIcon,
  'node-failed': nodeFailedIcon,
  canceled: stopIcon,
  unknown: unknownIcon
};
