import type { TaskEvent } from '../../shared/wire/events';
import { unsealedText } from '../../shared/unsealed-text';

type EventOf<T extends TaskEvent['type']> = Extract<TaskEvent, { type: T }>['data'];

/** One step on a cell's outputs. */
export type OutputStep =
  | { kind: 'clear' }
  | { kind: 'stream'; name: 'stdout' | 'stderr'; text: string }
  | { kind: 'display'; bundle: EventOf<'display_data'> }
  | { kind: 'update'; id: string; bundle: EventOf<'update_display_data'> }
  | { kind: 'result'; bundle: EventOf<'execute_result'> }
  | { kind: 'error'; error: EventOf<'error'> }
  /** Text that bears no valid seal of the job. */
  | { kind: 'unsealed'; text: string }
  /** Further text stays on the cluster. */
  | { kind: 'overflow'; attempt: number; bytes: number | null };

export type Folded = {
  steps: OutputStep[];
  /** A clear is waiting for the next output. */
  clearNext: boolean;
};

/**
 * The few steps that many events come down to: neighbouring text of one stream is joined, what a
 * later clear removes is never shown, and of several updates of a display only the last counts.
 */
export function foldEvents(events: readonly TaskEvent[], clearNext: boolean): Folded {
  const folded: Folded = { steps: [], clearNext };
  for (const event of events) {
    if (event.unverified === true) {
      addUnsealed(folded, event);
      continue;
    }
    if (event.seq === 1 && event.attempt > 0) {
      // A requeued job runs the cell from its start: what the lost attempt showed is void.
      clear(folded);
    }
    if (event.type === 'clear_output') {
      if (event.data.wait) {
        folded.clearNext = true;
      } else {
        clear(folded);
      }
      continue;
    }
    const step = stepOf(event);
    if (step) {
      addStep(folded, step);
    }
  }
  return folded;
}

function clear(folded: Folded): void {
  folded.steps = [{ kind: 'clear' }];
  folded.clearNext = false;
}

function stepOf(event: TaskEvent): OutputStep | null {
  switch (event.type) {
    case 'stream':
      return { kind: 'stream', name: event.data.name, text: event.data.text };
    case 'display_data':
      return { kind: 'display', bundle: event.data };
    case 'update_display_data': {
      const id = event.data.transient.display_id;
      return id === undefined ? null : { kind: 'update', id, bundle: event.data };
    }
    case 'execute_result':
      return { kind: 'result', bundle: event.data };
    case 'error':
      return { kind: 'error', error: event.data };
    case 'overflow':
      return { kind: 'overflow', attempt: event.attempt, bytes: event.data.bytes };
    case 'clear_output':
    case 'started':
    case 'metric':
    case 'variable':
    case 'file':
    case 'files':
    case 'rehearsal':
    case 'notice':
    case 'finished':
      return null;
  }
}

/** Nothing that it says acts on what is shown: it is added, whatever it is. */
function addUnsealed(folded: Folded, event: TaskEvent): void {
  const text = unsealedText(event);
  const last = folded.steps.at(-1);
  if (text !== null && last?.kind === 'unsealed') {
    last.text += text;
  } else if (text !== null) {
    folded.steps.push({ kind: 'unsealed', text });
  }
}

function addStep(folded: Folded, step: OutputStep): void {
  if (step.kind === 'update') {
    const earlier = folded.steps.findIndex(one => one.kind === 'update' && one.id === step.id);
    if (earlier >= 0) {
      folded.steps.splice(earlier, 1);
    }
    folded.steps.push(step);
    return;
  }
  if (folded.clearNext) {
    clear(folded);
  }
  const last = folded.steps.at(-1);
  if (step.kind === 'stream' && last?.kind === 'stream' && last.name === step.name) {
    last.text += step.text;
    return;
  }
  folded.steps.push(step);
}
