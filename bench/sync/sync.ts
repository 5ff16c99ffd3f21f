import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { BenchError } from '../bench-error.ts';
import type { Benchmark } from '../benchmark.ts';
import type { Figure, Section } from '../measure/figure.ts';
import { nowMs } from '../measure/now-ms.ts';
import { planRounds } from '../measure/plan-rounds.ts';
import { say } from '../say.ts';
import { withCleanUp } from '../with-clean-up.ts';
import { type FarHost, openFarHost } from './far-host.ts';
import { loadOwnCode, type OwnCode, type Parcel, type Sender } from './own-code.ts';
import { editModule, makeProject, ProjectScan } from './project.ts';

const ROUND_TRIPS_MS = [0, 20, 80] as const;
const ROUNDS = 7;
const LARGE_ROUNDS = 3;
const PROJECT_FILES = 2000;
const MANY_FILES = 10_000;
const VALUE_BYTES = 300 * 2 ** 20;
const TASKS = 100;
const CAT_TIMEOUT_MS = 600_000;
/** Longer than anything is believed to be there without a question. */
const LATER_MS = 60_000;
/** A file that was just written is read again, lest it changed within its date. */
const SETTLED_MS = 2500;

type Pair = { oursMs: number; besideMs: number };

/** Bringing files to a host, beside rsync and cat. */
export const sync: Benchmark = {
  name: 'sync',
  about: 'files on their way to a host at 0, 20 and 80 ms, beside rsync and cat',
  async run({ rounds, only }, scratch) {
    const code = await loadOwnCode(join(scratch, 'code'));
    return withCleanUp(async cleanUp => {
      const host = await openFarHost(code, scratch, cleanUp);
      const bench = new SyncBench(code, host, { scratch, only });
      return [await bench.measure(rounds)];
    });
  }
};

class SyncBench {
  readonly #code: OwnCode;
  readonly #host: FarHost;
  readonly #dir: string;
  readonly #only: string;
  #clockMs = 0;
  #words = 0;
  #runs = 0;

  constructor(code: OwnCode, host: FarHost, options: { scratch: string; only: string }) {
    this.#code = code;
    this.#host = host;
    this.#dir = options.scratch;
    this.#only = options.only;
  }

  async measure(rounds: number | undefined): Promise<Section> {
    const project = join(this.#dir, 'project');
    const many = join(this.#dir, 'many');
    const value = join(this.#dir, 'value');
    await makeProject(project, PROJECT_FILES);
    await makeProject(many, MANY_FILES);
    const sha256 = await writeValue(value);
    await pause(SETTLED_MS);
    const figures: Figure[] = [];
    for (const roundTripMs of ROUND_TRIPS_MS) {
      say(`sync at ${roundTripMs} ms`);
      await this.#host.setRoundTripMs(roundTripMs);
      figures.push(
        ...(await this.#project(project, roundTripMs, rounds ?? ROUNDS)),
        ...(await this.#first(many, roundTripMs, rounds ?? LARGE_ROUNDS)),
        ...(await this.#value({ path: value, sha256 }, roundTripMs, rounds ?? LARGE_ROUNDS))
      );
    }
    const runs = await this.#tasks();
    return {
      title: 'sync',
      figures,
      notes: [
        `A project of ${PROJECT_FILES} modules, a first send of ${MANY_FILES}, a value of ${VALUE_BYTES / 2 ** 20} MiB; the round trip of the link stands before each figure.`,
        "Ours: the scan of the project for what changed, then all of the sending, over the kept connection of ssh2. Beside: rsync -a through OpenSSH's kept connection, and cat into a file through each of the two; all through one proxy that adds the latency, to one sshd.",
        'The value is wanted at 0.8 of the speed of cat, which is 1.25 of its time.',
        `${TASKS} tasks at once, each with a small value of its own and all else there: ${runs} scripts were run on one connection, ${(runs / TASKS).toFixed(2)} a task.`
      ]
    };
  }

  #newSender(): Sender {
    return new this.#code.Sender({ tag: 'bench', nowMs: () => performance.now() + this.#clockMs });
  }

  #send(sender: Sender, root: string, parcels: readonly Parcel[]): Promise<{ files: number }> {
    this.#words += 1;
    return sender.send({
      transport: this.#counting,
      root,
      parcels,
      nonce: `word${this.#words}`,
      target: 'bench',
      signal: new AbortController().signal,
      progress: () => undefined
    });
  }

  readonly #counting = {
    host: 'the bench',
    connection: { state: 'connected' },
    run: (...call: Parameters<FarHost['transport']['run']>) => {
      this.#runs += 1;
      return this.#host.transport.run(...call);
    }
  };

  async #project(project: string, roundTripMs: number, rounds: number): Promise<Figure[]> {
    const name = `${roundTripMs} ms: ${PROJECT_FILES} files`;
    const [unchangedName, editedName] = [`${name}, unchanged`, `${name}, one edited`];
    const wanted = [unchangedName, editedName].filter(each => each.includes(this.#only));
    if (wanted.length === 0) {
      return [];
    }
    const root = join(this.#dir, `root${roundTripMs}`);
    const there = join(this.#dir, `rsync${roundTripMs}`);
    const scan = new ProjectScan(this.#code, project);
    const sender = this.#newSender();
    const ours = async (): Promise<number> => {
      this.#clockMs += LATER_MS;
      return (await this.#send(sender, root, [scan.parcel()])).files;
    };
    const beside = (): Promise<void> => this.#host.rsync(project, there);
    await ours();
    await beside();
    const unchanged = await pairs(rounds, { ours: () => expectFiles(ours(), 0), beside });
    const edited = await pairs(rounds, {
      before: round => editModule(project, (round * 97) % PROJECT_FILES),
      // The module, and what changes the list of all.
      ours: () => expectFiles(ours(), 2),
      beside
    });
    return [
      figure(unchangedName, 'rsync', unchanged, 0.5),
      figure(editedName, 'rsync', edited, 0.4)
    ];
  }

  async #first(many: string, roundTripMs: number, rounds: number): Promise<Figure[]> {
    const name = `${roundTripMs} ms: first send of ${MANY_FILES} files`;
    if (!name.includes(this.#only)) {
      return [];
    }
    const scan = new ProjectScan(this.#code, many);
    // New places each time: a file system that has just removed many files is slow to make new ones.
    let place = '';
    const measured = await pairs(rounds, {
      before: async round => {
        place = join(this.#dir, `first${roundTripMs}-${round}`);
        await mkdir(place);
      },
      ours: async () => {
        await this.#send(this.#newSender(), join(place, 'ours'), [scan.parcel()]);
      },
      beside: () => this.#host.rsync(many, join(place, 'rsync'))
    });
    return [figure(name, 'rsync', measured, 1)];
  }

  async #value(
    { path, sha256 }: { path: string; sha256: string },
    roundTripMs: number,
    rounds: number
  ): Promise<Figure[]> {
    const name = `${roundTripMs} ms: a value of ${VALUE_BYTES / 2 ** 20} MiB`;
    if (!name.includes(this.#only)) {
      return [];
    }
    const root = join(this.#dir, 'values');
    await mkdir(root, { recursive: true });
    const parcel = this.#code.buildBlobParcel(path, { sha256, bytes: VALUE_BYTES });
    const pair = (beside: () => Promise<void>): Promise<Pair[]> =>
      pairs(rounds, {
        before: () => rm(join(root, 'blobs'), { recursive: true, force: true }),
        ours: async () => {
          await this.#send(this.#newSender(), root, [parcel]);
        },
        beside
      });
    const sameWay = await pair(() => this.#ownCat(path, join(root, 'value')));
    const openssh = await pair(() => this.#host.cat(path, join(root, 'value')));
    return [
      figure(name, 'cat, same connection', sameWay, 1.25),
      figure(name, "cat, OpenSSH's", openssh, null)
    ];
  }

  /** The bare bytes through the very connection that ours goes through. */
  async #ownCat(from: string, to: string): Promise<void> {
    const options = { action: 'cat', timeoutMs: CAT_TIMEOUT_MS, data: createReadStream(from) };
    const { status } = await this.#host.transport.run(`cat >'${to}'`, options);
    if (status !== 0) {
      throw new BenchError(`cat through the kept connection ended with ${status}.`);
    }
  }

  /** How many scripts run for tasks of which all is there but a value each. */
  async #tasks(): Promise<number> {
    const root = join(this.#dir, 'tasks');
    const project = join(this.#dir, 'project');
    const scan = new ProjectScan(this.#code, project);
    const sender = this.#newSender();
    const snapshot = scan.parcel();
    const values = await Promise.all(
      Array.from({ length: TASKS }, async (_, index) => {
        const bytes = Buffer.from(`value ${index}`);
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        const path = join(this.#dir, `value${index}`);
        await writeFile(path, bytes);
        return this.#code.buildBlobParcel(path, { sha256, bytes: bytes.length });
      })
    );
    await this.#send(sender, root, [snapshot, ...values]);
    this.#clockMs += LATER_MS;
    this.#runs = 0;
    await Promise.all(values.map(value => this.#send(sender, root, [snapshot, value])));
    return this.#runs;
  }
}

async function writeValue(path: string): Promise<string> {
  const bytes = randomBytes(VALUE_BYTES);
  await writeFile(path, bytes);
  return createHash('sha256').update(bytes).digest('hex');
}

async function expectFiles(sending: Promise<number>, wanted: number): Promise<void> {
  const files = await sending;
  if (files !== wanted) {
    throw new BenchError(`${files} files were sent, and ${wanted} would do.`);
  }
}

async function pairs(
  rounds: number,
  ways: {
    before?: (round: number) => Promise<void>;
    ours: () => Promise<unknown>;
    beside: () => Promise<unknown>;
  }
): Promise<Pair[]> {
  const measured: Pair[] = [];
  for (const [round, { order }] of planRounds(
    ['ours', 'beside'] as const,
    rounds,
    Math.random
  ).entries()) {
    await ways.before?.(round);
    let found = {};
    for (const way of order) {
      const started = nowMs();
      await ways[way]();
      found = { ...found, [`${way}Ms`]: nowMs() - started };
    }
    measured.push(found as Pair);
  }
  return measured;
}

function figure(
  name: string,
  peer: string,
  measured: readonly Pair[],
  wanted: number | null
): Figure {
  const ours = { label: 'Sluice', values: measured.map(({ oursMs }) => oursMs) };
  const beside = { label: peer, values: measured.map(({ besideMs }) => besideMs) };
  return { name, unit: 'ms', ours, beside, wanted };
}
