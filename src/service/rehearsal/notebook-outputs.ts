import type { TaskEvent } from '../../shared/wire/events';

/** One output of a cell, as nbformat 4 has it. */
export type NotebookOutput = Record<string, unknown>;

type EventOf<T extends TaskEvent['type']> = Extract<TaskEvent, { type: T }>['data'];

/** An answer has a plan in it, too; whoever wants all reads the task's log. */
const MOST_CHARACTERS = 2 ** 21;
const CUT = '… more than is shown here: the rest is in the log of the rehearsal\n';

/** Assembles outputs the way a notebook does. */
class Cell {
  private outputs: { output: NotebookOutput; displayId: string | undefined }[] = [];
  private clearNext = false;
  private characters = 0;
  private isFull = false;

  take(event: TaskEvent): void {
    if (event.seq === 1 && event.attempt > 0) {
      // A requeued job runs the cell from its start.
      this.clear();
    }
    switch (event.type) {
      case 'stream':
        this.stream(event.data);
        break;
      case 'display_data': {
        const { data, metadata, transient } = event.data;
        this.add({ output_type: 'display_data', data, metadata }, transient.display_id);
        break;
      }
      case 'update_display_data':
        this.update(event.data);
        break;
      case 'execute_result': {
        const { data, metadata } = event.data;
        this.add({ output_type: 'execute_result', execution_count: null, data, metadata });
        break;
      }
      case 'error':
        this.add({ output_type: 'error', ...event.data });
        break;
      case 'clear_output':
        this.clearNext = event.data.wait;
        if (!event.data.wait) {
          this.clear();
        }
        break;
      case 'started':
      case 'metric':
      case 'overflow':
      case 'notice':
      case 'variable':
      case 'file':
      case 'files':
      case 'rehearsal':
      case 'finished':
    }
  }

  get all(): NotebookOutput[] {
    return this.outputs.map(({ output }) => output);
  }

  private clear(): void {
    this.outputs = [];
    this.clearNext = false;
    this.characters = 0;
    this.isFull = false;
  }

  private stream({ name, text }: EventOf<'stream'>): void {
    const last = this.clearNext ? undefined : this.outputs.at(-1)?.output;
    if (last?.['output_type'] !== 'stream' || last['name'] !== name) {
      this.add({ output_type: 'stream', name, text });
    } else if (this.hasRoom(text.length)) {
      last['text'] = String(last['text']) + text;
    }
  }

  private update({ data, metadata, transient }: EventOf<'update_display_data'>): void {
    for (const { output, displayId } of this.outputs) {
      if (displayId !== undefined && displayId === transient.display_id) {
        Object.assign(output, { data, metadata });
      }
    }
  }

  private add(output: NotebookOutput, displayId?: string): void {
    if (this.clearNext) {
      this.clear();
    }
    if (this.hasRoom(JSON.stringify(output).length)) {
      this.outputs.push({ output, displayId });
    }
  }

  private hasRoom(characters: number): boolean {
    this.characters += characters;
    if (this.characters <= MOST_CHARACTERS) {
      return true;
    }
    if (!this.isFull) {
      this.isFull = true;
      const output = { output_type: 'stream', name: 'stderr', text: CUT };
      this.outputs.push({ output, displayId: undefined });
    }
    return false;
  }
}

/** The outputs that a cell would have after these events. */
export function notebookOutputs(events: Iterable<TaskEvent>): NotebookOutput[] {
  const cell = new Cell();
  for (const event of events) {
    cell.take(event);
  }
  return cell.all;
}
