import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { submitSchema } from '../../../shared/wire/submit';
import { type LoopbackSshd, startSshd } from '../../../testing/loopback-sshd';
import { stallingProxy, type StallingProxy } from '../../../testing/stalling-proxy';
import { openDatabase } from '../../store/database';
import { EventStore } from '../../store/event-store';
import { FileStore } from '../../store/file-store';
import type { TaskRecord } from '../../store/task-record';
import { TaskStore } from '../../store/task-store';
import { sha256 } from '../../sync/sha256';
import { Hosts } from '../../tasks/hosts';
import { newTask } from '../../tasks/new-task';
import { TaskBoard } from '../../tasks/task-board';
import { createProcessScheduler } from '../../schedulers/process-scheduler';
import { createSsh2Transport } from '../../transports/ssh2/ssh2-transport';
import { createFilesHome } from '../create-files-home';
import type { FilesHome } from '../files-home';

const CUTS = process.env['SLUICE_TEST_ALL'] === '1' ? 120 : 12;
const LARGE_BYTES = 6 * 2 ** 20;

jest.setTimeout(60_000 + CUTS * 10_000);

/** The same numbers in each run, so that a failure can be looked at again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

function noise(bytes: number, random: () => number): Buffer {
  const block = Buffer.from(Array.from({ length: 4096 }, () => Math.floor(random() * 256)));
  return Buffer.concat(Array<Buffer>(Math.ceil(bytes / 4096)).fill(block)).subarray(0, bytes);
}

/** A fetch that is cut once, on a real link: what was asked for is here in the end, and nothing else. */
describe('a connection that is cut while files come home', () => {
  let directory: string;
  let sshd: LoopbackSshd;
  let proxy: StallingProxy;
  let hosts: Hosts;
  let database: DatabaseSync;
  let board: TaskBoard;
  let store: FileStore;
  let tasks: TaskStore;
  let files: FilesHome;
  let number = 0;
  const random = seeded(7);
  const contents = new Map<string, Buffer>();

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'sluice-home-'));
    sshd = await startSshd();
    proxy = await stallingProxy(sshd.port);
    await sshd.writeKnownHosts([`[127.0.0.1]:${proxy.port} ${await sshd.hostKey('ed25519')}`]);
    const host = `loopback:${proxy.port}`;
    hosts = new Hosts({
      transport: () => createSsh2Transport({ target: 'test', host, sshConfig: sshd.configPath }),
      scheduler: createProcessScheduler
    });
    database = openDatabase({ path: ':memory:', networkDisk: false });
    tasks = new TaskStore(database);
    store = new FileStore(database);
    const events = new EventStore(database);
    board = new TaskBoard(tasks, events, () => 1);
    const clock = {
      nowMs: () => 1,
      elapsedMs: () => 1,
      delay: () => new Promise<void>(setImmediate)
    };
    const log = pino({ level: 'silent' });
    files = createFilesHome({ store, events, board, hosts, clock, log, umask: 0o022 });
    for (let i = 0; i < 80; i += 1) {
      contents.set(`many/${i % 7}/it's $HOME ${i}.txt`, noise(Math.floor(random() * 9000), random));
    }
    contents.set('large one.bin', noise(LARGE_BYTES, random));
    contents.set('../above.csv', noise(5000, random));
    contents.set('-rf', noise(10, random));
    contents.set('empty', Buffer.alloc(0));
  });

  afterAll(async () => {
    await files.close();
    await hosts.close();
    await proxy.close();
    await sshd.stop();
    database.close();
    rmSync(directory, { recursive: true });
  });

  const homeOf = ({ id }: TaskRecord): string => join(directory, 'home', id, 'project');

  /** A task that has ended, with its files on the host and its folders here. */
  function lay(): TaskRecord {
    const id = `sl-task${(number += 1)}`;
    const request = submitSchema.parse({
      requestId: `request-${number}`,
      target: 'test',
      resources: {},
      payload: { kind: 'cell', source: '1', outputs: null },
      origin: null,
      projectDir: null,
      capture: null
    });
    const place = { host: 'there', sshConfig: null, root: join(directory, 'root') };
    const rest = { scheduler: 'process' as const, python: 'python3', setup: [] };
    const phase = 'completed' as const;
    const record = { ...newTask(id, request, 1), phase, place: { ...place, ...rest } };
    tasks.insert(record, request);
    const work = join(place.root, 'runs', id, 'attempts/0/work/nb');
    for (const [path, content] of contents) {
      mkdirSync(dirname(join(work, path)), { recursive: true });
      writeFileSync(join(work, path), content);
    }
    const folder = join(homeOf(record), 'nb');
    mkdirSync(folder, { recursive: true });
    const rules = JSON.stringify([{ fetch: { include: [], none: false } }, { fetchRules: [] }]);
    store.begin({ task: id, folder, cwd: 'nb', notebook: null, place: '', rule: rules }, new Map());
    const common = { kind: 'other', isNew: true, state: 'there', rank: null } as const;
    const none = { localPath: null, reason: null, sha256: null, into: null };
    const rows = [...contents].map(([path, { length: bytes }]) => ({
      path,
      bytes,
      ...common,
      ...none
    }));
    store.add(id, rows);
    store.setListed(id, 1);
    return record;
  }

  async function fetchAll(record: TaskRecord): Promise<void> {
    files.act(record, { action: 'fetch', paths: null, into: null });
    await files.settled(record.id);
  }

  function tree(root: string): Record<string, string> {
    const found = readdirSync(root, { recursive: true, withFileTypes: true });
    return Object.fromEntries(
      found
        .filter(each => !each.isDirectory())
        .map((each): [string, string] => {
          const path = join(each.parentPath, each.name);
          const hash = each.isSymbolicLink() ? readlinkSync(path) : sha256(readFileSync(path));
          return [path.slice(root.length), hash];
        })
        .sort(([a], [b]) => (a < b ? -1 : 1))
    );
  }

  const wanted = (): Record<string, string> =>
    Object.fromEntries(
      [...contents]
        .map(([path, content]): [string, string] => [join('/project/nb', path), sha256(content)])
        .sort(([a], [b]) => (a < b ? -1 : 1))
    );

  it(`has the same trees afterwards, at ${CUTS} points`, async () => {
    const whole = lay();
    const before = proxy.count.fromHost;
    await fetchAll(whole);
    const total = proxy.count.fromHost - before;
    expect(tree(dirname(homeOf(whole)))).toEqual(wanted());

    let interrupted = 0;
    for (let cut = 0; cut < CUTS; cut += 1) {
      const record = lay();
      const spot = random();
      // Some where the connection is made and where the small ones come, the others anywhere.
      const at = Math.floor([spot * total, spot * 500_000, total - spot * 50_000][cut % 3] ?? 0);
      const accepted = proxy.connections;
      proxy.cutAfter({ fromHost: Math.max(1, at) });
      await fetchAll(record);
      interrupted += proxy.connections > accepted ? 1 : 0;
      expect({ at, tree: tree(dirname(homeOf(record))) }).toEqual({ at, tree: wanted() });
      expect(store.summary(record.id)).toMatchObject({ home: contents.size, there: 0 });
      rmSync(dirname(homeOf(record)), { recursive: true });
    }
    expect(interrupted).toBeGreaterThan(CUTS / 2);
    expect(readdirSync(directory).sort()).toEqual(['home', 'root']);
  });

  it('brings nothing that was swapped for a link after it was listed', async () => {
    const record = lay();
    const work = join(directory, 'root/runs', record.id, 'attempts/0/work/nb');
    for (const path of ['-rf', 'large one.bin', 'empty']) {
      rmSync(join(work, path));
      symlinkSync('/etc/hostname', join(work, path));
    }
    rmSync(join(work, '../above.csv'));
    writeFileSync(join(work, "many/0/it's $HOME 0.txt"), noise(50_000, random));
    await fetchAll(record);
    const { '-rf': rf, ...rest } = Object.fromEntries(
      store.page(record.id, 0, 1000).map(file => [file.path, [file.state, file.reason]])
    );
    expect(rf).toEqual(['gone', 'it is not there any more']);
    expect(rest['../above.csv']).toEqual(['gone', 'it is not there any more']);
    expect(rest['large one.bin']).toEqual(['there', 'it is no ordinary file']);
    expect(rest["many/0/it's $HOME 0.txt"]).toEqual([
      'there',
      'it has changed since it was listed; fetch it again to have it as it is now'
    ]);
    expect(Object.keys(tree(homeOf(record)))).toHaveLength(contents.size - 5);
  });

  it.each([
    ['small, and then large', '-rf', LARGE_BYTES],
    ['large, and then small', 'large one.bin', 1000],
    ['large, and then larger', 'large one.bin', LARGE_BYTES + 1]
  ])('brings a file as it is now when asked again: %s', async (_, path, bytes) => {
    const record = lay();
    const now = noise(bytes, random);
    writeFileSync(join(directory, 'root/runs', record.id, 'attempts/0/work/nb', path), now);
    const bring = async (): Promise<void> => {
      files.act(record, { action: 'fetch', paths: [path], into: null });
      await files.settled(record.id);
    };
    await bring();
    expect(store.get(record.id, path)).toMatchObject({
      state: 'there',
      bytes,
      reason: expect.stringContaining('fetch it again') as string
    });
    expect(tree(homeOf(record))).toEqual({});
    await bring();
    expect(store.get(record.id, path)).toMatchObject({ state: 'home', bytes, reason: null });
    expect(tree(homeOf(record))).toEqual({ [`/nb/${path}`]: sha256(now) });
  });

  it('stops at any moment, and leaves no half file', async () => {
    const record = lay();
    proxy.bytesPerSecond = 2_000_000;
    files.act(record, { action: 'fetch', paths: ['large one.bin'], into: null });
    const settled = files.settled(record.id);
    const begun = proxy.count.fromHost;
    while (proxy.count.fromHost < begun + 200_000) {
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    files.act(record, { action: 'cancel', paths: null, into: null });
    await settled;
    proxy.bytesPerSecond = Infinity;
    expect(store.get(record.id, 'large one.bin')).toMatchObject({
      state: 'there',
      reason: 'fetching it was ended'
    });
    expect(tree(homeOf(record))).toEqual({});
  });
});
