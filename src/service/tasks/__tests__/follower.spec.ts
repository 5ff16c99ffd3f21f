import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SluiceError } from '../../../shared/errors';
import { sealed, sealedEnd } from '../../../testing/sealed-lines';
import { createLocalTransport } from '../../transports/local-transport';
import type { ITransport } from '../../transports/transport';
import { systemClock } from '../clock';
import { Follower, type FollowStart, type IFollowSink } from '../follower';

type Heard = {
  texts: string[];
  offsets: number[];
  ends: string[];
  exits: string[];
  attempts: number[];
  odd: string[];
};

describe('Follower', () => {
  let directory: string;
  let transport: ITransport;
  let follower: Follower;
  let heard: Heard;
  let passes: number;
  /** So many times the store takes nothing. */
  let full: number;

  beforeEach(() => {
    directory = join(mkdtempSync(join(tmpdir(), 'sluice-follow-')), 'a run');
    transport = createLocalTransport();
    heard = { texts: [], offsets: [], ends: [], exits: [], attempts: [], odd: [] };
    passes = 0;
    const sink: IFollowSink = {
      together: work => {
        if (full > 0) {
          full -= 1;
          throw new SluiceError('store-full', { path: 'store.db' });
        }
        work();
      },
      lines: (_task, _attempt, lines, offset) => {
        heard.texts.push(...lines.map(line => (line.type === 'stream' ? line.data.text : '')));
        heard.offsets.push(offset);
      },
      end: (_task, _attempt, text) => heard.ends.push(text),
      exit: (_task, _attempt, text) => heard.exits.push(text),
      unsealed: (_task, attempt) => heard.odd.push(`attempt ${attempt} has no seal`),
      attempt: (_task, attempt) => heard.attempts.push(attempt),
      pass: () => {
        passes += 1;
      },
      trouble: error => {
        if (error !== null) {
          heard.odd.push((error as Error).message);
        }
      },
      unreadable: (_task, lines) => heard.odd.push(...lines)
    };
    // A pause after trouble need not be lived through.
    const clock = {
      ...systemClock,
      // It jumps, a day back or forth.
      nowMs: () => {
        throw new Error('how long something takes was asked of the clock on the wall');
      },
      delay: (ms: number, signal?: AbortSignal) =>
        systemClock.delay(ms > 20_000 ? ms : Math.min(ms, 5), signal)
    };
    follower = new Follower({ transport, sink, clock, intervalMs: () => 5 });
    full = 0;
  });

  afterEach(async () => {
    follower.close();
    await transport.close();
    rmSync(join(directory, '..'), { recursive: true });
  });

  const from = (offset: number): FollowStart => ({
    run: directory,
    attempt: 0,
    offset,
    key: null
  });

  const attemptPath = (attempt: number, name: string): string => {
    const path = join(directory, 'attempts', String(attempt));
    mkdirSync(path, { recursive: true });
    return join(path, name);
  };

  const data = (seq: number, text: string): object => ({
    ...{ seq, at: 0, type: 'stream' },
    data: { name: 'stdout', text }
  });

  const line = (seq: number, text: string): string => `${JSON.stringify(data(seq, text))}\n`;

  /** Resolves once something holds, or fails after many passes of the follower. */
  const until = async (holds: () => boolean): Promise<void> => {
    const last = passes + 2000;
    while (!holds()) {
      if (passes > last) {
        throw new Error(`never held: ${JSON.stringify(heard).slice(0, 500)}`);
      }
      await new Promise(resolve => setImmediate(resolve));
    }
  };

  it('brings whole lines once, from the offset, and a half line only when it is whole', async () => {
    const path = attemptPath(0, 'events.jsonl');
    const first = line(1, 'old');
    writeFileSync(path, first + line(2, 'a'));
    follower.follow('t', from(first.length));
    await until(() => heard.texts.length === 1);
    const half = line(3, 'ünï');
    appendFileSync(path, half.slice(0, 20));
    const before = passes;
    await until(() => passes > before + 3);
    expect(heard.texts).toEqual(['a']);
    appendFileSync(path, half.slice(20) + line(4, 'b'));
    await until(() => heard.texts.length === 3);
    expect(heard.texts).toEqual(['a', 'ünï', 'b']);
    expect(heard.odd).toEqual([]);
  });

  it('brings a line that is longer than one piece', async () => {
    const text = 'x'.repeat(3 * 2 ** 20);
    writeFileSync(attemptPath(0, 'events.jsonl'), line(1, text) + line(2, 'after'));
    follower.follow('t', from(0));
    await until(() => heard.texts.length === 2);
    expect(heard.texts[0]).toHaveLength(text.length);
    expect(heard.texts[1]).toBe('after');
  });

  it('brings the end record, and goes on to a new attempt', async () => {
    writeFileSync(attemptPath(0, 'events.jsonl'), line(1, 'first try'));
    follower.follow('t', from(0));
    await until(() => heard.texts.length === 1);
    writeFileSync(attemptPath(1, 'events.jsonl'), line(1, 'second try'));
    await until(() => heard.texts.length === 2);
    expect(heard.attempts).toEqual([1]);
    writeFileSync(attemptPath(1, 'end.json'), '{"status":"ok"}');
    await until(() => heard.ends.length > 0);
    expect(heard.ends[0]).toBe('{"status":"ok"}');
    writeFileSync(attemptPath(1, 'exit'), '0 - 1700000000\n');
    await until(() => heard.exits.length > 0);
    expect(heard.exits[0]).toBe('0 - 1700000000\n');
  });

  it('goes on to an attempt whose predecessors left nothing', async () => {
    attemptPath(3, 'not yet');
    attemptPath(11, 'later');
    writeFileSync(attemptPath(3, 'events.jsonl'), line(1, 'third start'));
    follower.follow('t', from(0));
    await until(() => heard.attempts.length === 2);
    expect(heard.attempts).toEqual([3, 11]);
    expect(heard.texts).toEqual(['third start']);
  });

  it('tells of lines that no worker writes, and goes on', async () => {
    writeFileSync(attemptPath(0, 'events.jsonl'), `noise\n${line(1, 'a')}`);
    follower.follow('t', from(0));
    await until(() => heard.texts.length === 1);
    expect(heard.odd).toEqual(['noise']);
  });

  it('follows many runs over one channel', async () => {
    const runs = [1, 2, 3].map(n => join(directory, `run ${n}`));
    for (const [n, run] of runs.entries()) {
      mkdirSync(join(run, 'attempts', '0'), { recursive: true });
      writeFileSync(join(run, 'attempts', '0', 'events.jsonl'), line(1, `of ${n}`));
      follower.follow(`t${n}`, { ...from(0), run });
    }
    await until(() => heard.texts.length === 3);
    expect(heard.texts.sort()).toEqual(['of 0', 'of 1', 'of 2']);
  });

  it('believes an end record of its own task and attempt alone', async () => {
    const key = 'cd'.repeat(32);
    const own = { task: 't', attempt: 0, key };
    writeFileSync(attemptPath(0, 'events.jsonl'), `${sealed(own, { ...data(1, 'a') })}\n`);
    writeFileSync(attemptPath(0, 'end.json'), sealedEnd({ ...own, attempt: 1 }, { status: 'ok' }));
    follower.follow('t', { ...from(0), key });
    await until(() => heard.odd.length > 0 && heard.texts.length > 0);
    const before = passes;
    await until(() => passes > before + 2);
    expect([heard.ends, heard.odd]).toEqual([[], ['attempt 0 has no seal']]);
    writeFileSync(attemptPath(0, 'end.json'), `${sealedEnd(own, { status: 'ok' })}\n`);
    await until(() => heard.ends.length > 0);
  });

  it('finds again what could not be stored', async () => {
    writeFileSync(attemptPath(0, 'events.jsonl'), line(1, 'a') + line(2, 'b'));
    full = 3;
    follower.follow('t', from(0));
    await until(() => heard.texts.length > 0);
    expect(heard.texts).toEqual(['a', 'b']);
    expect(heard.odd.filter(words => words.includes('full'))).toHaveLength(3);
  });
});
