import { writeSync } from 'node:fs';
import { openDatabase } from '../service/store/database';
import { EventStore } from '../service/store/event-store';
import { TaskStore } from '../service/store/task-store';
import { newTask } from '../service/tasks/new-task';
import { TaskBoard } from '../service/tasks/task-board';
import type { WorkerLine } from '../shared/wire/events';
import { type SubmitRequest, submitSchema } from '../shared/wire/submit';
import { SeededRandom } from './seeded-random';

/** Each line stands for so many bytes of the worker's file. */
export const LINE_BYTES = 100;

const LARGE = 'x'.repeat(20_000);

function requestOf(requestId: string): SubmitRequest {
  return submitSchema.parse({
    requestId,
    target: 'here',
    resources: {},
    payload: { kind: 'cell', source: `print("${requestId}")`, outputs: null },
    origin: null,
    projectDir: null,
    capture: null
  });
}

function linesFrom(first: number, count: number, text: string): WorkerLine[] {
  return Array.from({ length: count }, (_, i) => ({
    seq: first + i,
    at: 0,
    type: 'stream',
    data: { name: 'stdout', text: `${first + i} ${text}` }
  }));
}

/** Writes to a store for as long as it lives, and says on stdout what is on disk: for tests that kill it. */
class StoreWriter {
  private readonly ids: string[] = [];
  private readonly notes = new Map<string, number>();
  private readonly tasks: TaskStore;
  private readonly events: EventStore;
  private readonly board: TaskBoard;

  constructor(
    path: string,
    networkDisk: boolean,
    private readonly random: SeededRandom
  ) {
    const database = openDatabase({ path, networkDisk });
    this.tasks = new TaskStore(database);
    this.events = new EventStore(database);
    this.board = new TaskBoard(this.tasks, this.events, () => 0);
  }

  run(): never {
    this.accept();
    for (;;) {
      const id = this.random.pick([this.ids[0] ?? '', ...this.ids]);
      const step = this.random.below(10);
      if (step === 0) {
        this.accept();
      } else if (step < 4) {
        this.note(id);
      } else if (step < 8) {
        this.say(`line ${id} ${this.arrive(id)}`);
      } else {
        const [seq, note] = this.board.together(() => [this.arrive(id), this.patch(id)]);
        this.say(`both ${id} ${seq} ${note}`);
      }
    }
  }

  private accept(): void {
    const id = `sl-${this.random.seed}-${this.ids.length}`;
    const request = requestOf(`request of ${id}`);
    const record = newTask(id, request, this.ids.length);
    this.tasks.insert(record, request);
    this.board.add(record);
    this.ids.push(id);
    this.say(`task ${id}`);
  }

  private note(id: string): void {
    this.say(`note ${id} ${this.patch(id)}`);
  }

  private patch(id: string): number {
    const note = (this.notes.get(id) ?? 0) + 1;
    this.notes.set(id, note);
    this.board.patch(id, { progress: String(note) });
    return note;
  }

  private arrive(id: string): number {
    const last = this.events.lastSeq(id, 0);
    const text = this.random.below(5) === 0 ? LARGE : 'short';
    const lines = linesFrom(last + 1, 1 + this.random.below(5), text);
    const seq = last + lines.length;
    this.board.append({ task: id, attempt: 0, lines, offset: seq * LINE_BYTES });
    return seq;
  }

  private say(what: string): void {
    writeSync(1, `${what}\n`);
  }
}

const [path, mode, seed] = process.argv.slice(2);
if (require.main === module && path !== undefined) {
  new StoreWriter(path, mode === 'network', new SeededRandom(Number(seed))).run();
}
