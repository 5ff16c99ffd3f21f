import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { buffer } from 'node:stream/consumers';
import { createHash } from 'node:crypto';
import type { WorkerLine } from '../../../shared/wire/events';
import { submitSchema } from '../../../shared/wire/submit';
import { createProcessScheduler } from '../../schedulers/process-scheduler';
import { openDatabase } from '../../store/database';
import { EventStore } from '../../store/event-store';
import type { TaskRecord } from '../../store/task-record';
import { TaskStore } from '../../store/task-store';
import { createLocalTransport } from '../../transports/local-transport';
import { Hosts } from '../hosts';
import { newTask } from '../new-task';
import { OutputFiles } from '../output-files';
import { TaskLog } from '../task-log';

const request = submitSchema.parse({
  requestId: 'request-1',
  target: 'here',
  resources: {},
  payload: { kind: 'cell', source: 'print(1)', outputs: null },
  origin: null,
  projectDir: null,
  capture: null
});

type Said = WorkerLine extends infer Line ? (Line extends unknown ? Line : never) : never;

const stream = (text: string): Pick<Said, 'type' | 'data'> => ({
  type: 'stream',
  data: { name: 'stdout', text }
});

const overflow = (bytes: number | null): Pick<Said, 'type' | 'data'> => ({
  type: 'overflow',
  data: { path: 'overflow.log', bytes }
});

describe('what a task printed', () => {
  let directory: string;
  let database: DatabaseSync;
  let events: EventStore;
  let hosts: Hosts;
  let record: TaskRecord;
  let log: TaskLog;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sluice-log-'));
    database = openDatabase({ path: join(directory, 'store.db'), networkDisk: false });
    events = new EventStore(database);
    hosts = new Hosts({
      transport: () => createLocalTransport(),
      scheduler: () => createProcessScheduler()
    });
    const place = {
      ...{ scheduler: 'process' as const, host: null, sshConfig: null },
      ...{ root: join(directory, 'a root'), python: 'python3', setup: [] }
    };
    record = { ...newTask('sl-a', request, 1), place };
    new TaskStore(database).insert(record, request);
    log = new TaskLog(events, hosts);
  });

  afterEach(async () => {
    await hosts.close();
    database.close();
    rmSync(directory, { recursive: true });
  });

  const say = (attempt: number, ...said: object[]): void => {
    const before = events.lastSeq('sl-a', attempt);
    const lines = said.map((line, i) => ({ seq: before + i + 1, at: 0, ...line }) as WorkerLine);
    events.append({ task: 'sl-a', attempt, lines, offset: before + said.length });
  };

  const there = (attempt: number, name: string): string => {
    const path = join(directory, 'a root/runs/sl-a/attempts', String(attempt), name);
    mkdirSync(join(path, '..'), { recursive: true });
    return path;
  };

  const whole = async (): Promise<string> => {
    const open = await log.open(record);
    const text = await buffer(open.stream(0, open.bytes));
    expect(text).toHaveLength(open.bytes);
    return text.toString();
  };

  it('is the outputs in order, also page after page and while it grows', async () => {
    say(0, ...Array.from({ length: 2500 }, (_, i) => stream(`line ${i}: ünï\n`)));
    const expected = Array.from({ length: 2500 }, (_, i) => `line ${i}: ünï\n`).join('');
    expect(await whole()).toBe(expected);
    say(0, stream('more\n'), { ...stream('forged\n'), unverified: true });
    expect(await whole()).toBe(`${expected}more\n[without a valid seal] forged\n`);
  });

  it('has the text of a file of its own in its place, once, and every range of it', async () => {
    const file = 'from the file ünï '.repeat(100_000);
    writeFileSync(there(0, 'overflow.log'), file);
    say(0, stream('before '), overflow(null));
    expect(await whole()).toBe(`before ${file}`);
    const error = { ename: 'E', evalue: 'v', traceback: ['Trace', 'back'] };
    say(0, overflow(Buffer.byteLength(file)), stream('the file ünï '), {
      type: 'error',
      data: error
    });
    say(1, stream('second start'));
    const expected = Buffer.from(`before ${file}Trace\nback\nsecond start`);
    expect(await whole()).toBe(expected.toString());
    const open = await log.open(record);
    const at = [0, 3, 7, 20, 2 ** 20, expected.length - 30, expected.length - 1];
    for (const start of at) {
      for (const end of [...at, expected.length].filter(end => end > start)) {
        const piece = await buffer(open.stream(start, end));
        expect([start, end, piece.equals(expected.subarray(start, end))]).toEqual([
          start,
          end,
          true
        ]);
      }
    }
  });

  it('says where the rest is when it cannot be read', async () => {
    say(0, stream('before '), overflow(null), overflow(5000), stream('tail'));
    expect(await whole()).toMatch(
      /^before \n\[5\.0 kB of text.* is in .*overflow\.log, which cannot/
    );
  });

  it('is the job’s own log where the worker said nothing', async () => {
    writeFileSync(join(there(0, 'x'), '../../../job.log'), 'no such python\n');
    expect(await whole()).toBe('no such python\n');
  });

  it('has large outputs that an event with a seal names, and no others', async () => {
    const outputs = new OutputFiles(events, hosts, join(directory, 'results'));
    const bytes = Buffer.from('<svg/>'.repeat(1000));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(there(1, `outputs/${sha256}`), bytes);
    await expect(outputs.get(record, sha256)).rejects.toMatchObject({ code: 'not-found' });
    const spilled = [{ mime: 'image/svg+xml', sha256, bytes: bytes.length, form: 'text' }];
    const shown = { data: { 'text/plain': 'a figure' }, metadata: {}, spilled };
    say(1, { type: 'execute_result', data: shown, unverified: true });
    await expect(outputs.get(record, sha256)).rejects.toMatchObject({ code: 'not-found' });
    say(1, { type: 'execute_result', data: shown });
    const [file, again] = await Promise.all([
      outputs.get(record, sha256),
      outputs.get(record, sha256)
    ]);
    expect([file.mime, readFileSync(file.path).equals(bytes)]).toEqual(['image/svg+xml', true]);
    expect(again).toEqual(file);
    const swapped = createHash('sha256').update('other').digest('hex');
    writeFileSync(there(1, `outputs/${swapped}`), bytes);
    say(1, {
      type: 'execute_result',
      data: { ...shown, spilled: [{ ...spilled[0], sha256: swapped }] }
    });
    await expect(outputs.get(record, swapped)).rejects.toMatchObject({ code: 'file-changed' });
  });
});
