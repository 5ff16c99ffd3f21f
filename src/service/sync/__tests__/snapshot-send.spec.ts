import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Manifest, ManifestEntry } from '../../../capture/manifest';
import { createLocalTransport } from '../../transports/local-transport';
import type { ITransport, RunOptions } from '../../transports/transport';
import type { Sent } from '../send-options';
import { Sender } from '../sender';
import { sha256 } from '../sha256';
import type { Parcel } from '../shipment';
import { buildSnapshotParcel } from '../snapshot-parcel';

const MEGABYTE = 2 ** 20;

describe('the sending of snapshots', () => {
  let directory: string;
  let root: string;
  let inner: ITransport;
  let transport: ITransport;
  let scripts: { text: string; hasData: boolean }[];
  let nonces: number;
  let nowMs: number;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sluice-snapshot-'));
    root = join(directory, 'root');
    inner = createLocalTransport();
    scripts = [];
    nonces = 0;
    nowMs = 0;
    transport = Object.create(inner, {
      run: {
        value: (text: string, options: RunOptions) => {
          scripts.push({ text, hasData: options.data !== undefined });
          return inner.run(text, options);
        }
      }
    }) as ITransport;
  });

  afterEach(async () => {
    await inner.close();
    rmSync(directory, { recursive: true });
  });

  const newSender = (): Sender => new Sender({ tag: 'tag', nowMs: () => nowMs });

  /** Files on this disk as a snapshot; `!` at the end of a name makes it a program. */
  function snapshot(files: Record<string, string | Buffer>): Parcel {
    const entries = Object.entries(files).map(([name, content]): ManifestEntry => {
      const executable = name.endsWith('!');
      const place = `modules/0/${executable ? name.slice(0, -1) : name}`;
      const bytes = Buffer.from(content);
      const hash = sha256(bytes);
      const absolute = join(directory, 'here', hash);
      mkdirSync(dirname(absolute), { recursive: true });
      writeFileSync(absolute, bytes);
      return { place, sha256: hash, bytes: bytes.length, executable, why: '', absolute };
    });
    entries.sort((a, b) => (a.place < b.place ? -1 : 1));
    const lines = entries.map(e => JSON.stringify([e.place, e.sha256, e.bytes, e.executable]));
    const text = lines
      .map(line => `${line}\n`)
      .join('')
      .replace(/[^\x20-\x7e\n]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
    const parcel = buildSnapshotParcel({ entries, text, hash: sha256(text) } as Manifest);
    if (parcel === null) {
      throw new Error('a snapshot of nothing');
    }
    return parcel;
  }

  function send(sender: Sender, ...parcels: Parcel[]): Promise<Sent> {
    nonces += 1;
    return sender.send({
      transport,
      root,
      parcels,
      nonce: `word${nonces}`,
      target: 'test',
      signal: new AbortController().signal,
      progress: () => undefined
    });
  }

  /** What lies below a place, by name; folders end with a slash. */
  function tree(place: string): Record<string, string> {
    const found: Record<string, string> = {};
    for (const each of readdirSync(join(root, place), { recursive: true, withFileTypes: true })) {
      const path = join(each.parentPath, each.name);
      const name = path.slice(join(root, place).length + 1);
      if (each.isDirectory()) {
        found[`${name}/`] = '';
      } else {
        const mode = (lstatSync(path).mode & 0o777).toString(8);
        found[name] = `${mode} ${sha256(readFileSync(path))}`;
      }
    }
    return found;
  }

  /** The tree as it is when a service that knows nothing sends it to a host that has nothing. */
  async function freshTree(parcel: Parcel): Promise<Record<string, string>> {
    const kept = root;
    root = join(directory, `fresh${nonces}`);
    await send(newSender(), parcel);
    const found = tree(parcel.place);
    root = kept;
    return found;
  }

  const HOSTILE = [
    "quo'te",
    'dou"ble',
    'a\nnew line',
    ' lead and trail ',
    '-rf',
    '$HOME `id`',
    'b\\ack\\041',
    '*?[a]',
    '%s%n',
    'ümläut ✓',
    'tab\there',
    "';touch canary;'",
    '#hash',
    '~',
    'END_OF_PLACES'
  ];

  it('sends an edited module only, in one round trip, and shares the rest', async () => {
    const files = { 'a.py': 'a = 1', 'p/b.py': 'b = 1', 'p/c.py!': 'c = 1' };
    const first = snapshot(files);
    const second = snapshot({ ...files, 'p/b.py': 'b = 2' });
    const sender = newSender();
    await send(sender, first);
    scripts = [];
    // The module, and what changes the list.
    expect(await send(sender, second)).toMatchObject({ files: 2 });
    expect(scripts.map(({ hasData }) => hasData)).toEqual([false]);
    expect(scripts[0]?.text).not.toContain('a = 1');
    const inode = (place: string): number => statSync(join(root, place, 'modules/0/a.py')).ino;
    expect(inode(first.place)).toBe(inode(second.place));
    expect(tree(second.place)).toEqual(await freshTree(second));
    expect(tree(first.place)).toEqual(await freshTree(first));
    expect(readdirSync(join(root, 'incoming'))).toEqual([]);
  });

  it('finds what to begin from on the host after a restart', async () => {
    const files = Object.fromEntries(HOSTILE.map(name => [name, name.repeat(2000)]));
    await send(newSender(), snapshot(files));
    const next = snapshot({ ...files, '-rf': 'new' });
    expect(await send(newSender(), next)).toMatchObject({ files: 2 });
    expect(tree(next.place)).toEqual(await freshTree(next));
  });

  it.each([
    ['files and folders go', { 'a.py': '1' }],
    ['a file becomes a folder', { 'a.py': '1', 'p/b.py/c': '1', 'p/q/c.py': '3' }],
    ['a folder becomes a file', { 'a.py': '1', 'p/b.py': '2', 'p/q': '3' }],
    ['a file becomes a program', { 'a.py!': '1', 'p/b.py': '2', 'p/q/c.py': '3' }],
    ['names that are more than names', Object.fromEntries(HOSTILE.map(n => [`p/${n}/${n}`, n]))],
    [
      'a large file',
      { 'p/b.py': '2', large: Buffer.alloc(MEGABYTE, 'l'), 'tool!': 'x'.repeat(MEGABYTE) }
    ]
  ])('makes the same tree from another one as from nothing: %s', async (_, files) => {
    const sender = newSender();
    await send(sender, snapshot({ 'a.py': '1', 'p/b.py': '2', 'p/q/c.py': '3' }));
    const next = snapshot(files);
    await send(sender, next);
    expect(tree(next.place)).toEqual(await freshTree(next));
    expect(readdirSync(join(root, 'incoming'))).toEqual([]);
    expect(existsSync('canary')).toBe(false);
  });

  it('sends a large file once for all snapshots, and gives a program its own', async () => {
    const large = Buffer.alloc(2 * MEGABYTE, 'x');
    const sender = newSender();
    const first = snapshot({ 'a.py': '1', large });
    await send(sender, first);
    const other = snapshot({ 'other.py': '2', 'data/large': large, 'tool!': large });
    expect((await send(newSender(), other)).bytes).toBeLessThan(MEGABYTE);
    const inode = (place: string): number => statSync(join(root, place)).ino;
    const blob = `blobs/${sha256(large)}`;
    expect(inode(`${first.place}/modules/0/large`)).toBe(inode(blob));
    expect(inode(`${other.place}/modules/0/data/large`)).toBe(inode(blob));
    expect(inode(`${other.place}/modules/0/tool`)).not.toBe(inode(blob));
    expect(statSync(join(root, other.place, 'modules/0/tool')).mode & 0o777).toBe(0o500);
    expect(statSync(join(root, blob)).mode & 0o777).toBe(0o400);
  });

  it('asks nothing of what it has just seen, and again after a while', async () => {
    const sender = newSender();
    const parcel = snapshot({ 'a.py': '1' });
    await send(sender, parcel);
    scripts = [];
    await send(sender, parcel);
    expect(scripts).toEqual([]);
    nowMs += 60_000;
    expect(await send(sender, parcel)).toMatchObject({ files: 0 });
    expect(scripts).toHaveLength(1);
  });

  it('marks what is used, so that the cleaner leaves it', async () => {
    const parcel = snapshot({ 'a.py': '1' });
    await send(newSender(), parcel);
    const path = join(root, parcel.place);
    const before = statSync(path);
    await send(newSender(), parcel);
    const after = statSync(path);
    expect(after.ctimeMs).toBeGreaterThan(before.ctimeMs);
    expect([after.mtimeMs, after.mode]).toEqual([before.mtimeMs, before.mode]);
  });

  it('brings what a hundred tasks need at once in two round trips', async () => {
    const sender = newSender();
    const parcel = snapshot({ 'a.py': 'x'.repeat(200_000) });
    await Promise.all(Array.from({ length: 100 }, () => send(sender, parcel)));
    expect(scripts).toHaveLength(2);
    expect(tree(parcel.place)).toEqual(await freshTree(parcel));
  });

  it('ends two uploads of one snapshot in one', async () => {
    const parcel = snapshot({ 'a.py': '1', 'p/b.py': '2', large: Buffer.alloc(MEGABYTE) });
    await Promise.all([
      send(newSender(), parcel),
      send(newSender(), parcel),
      send(newSender(), parcel)
    ]);
    expect(tree(parcel.place)).toEqual(await freshTree(parcel));
    expect(readdirSync(join(root, 'incoming'))).toEqual([]);
  });

  it.each([
    ['shortened', (path: string) => truncateSync(path, 1)],
    ['removed', (path: string) => unlinkSync(path)],
    ['made longer', (path: string) => writeFileSync(path, 'longer', { flag: 'a' })]
  ])('notices a file that was %s there, and repairs it', async (_, damage) => {
    const parcel = snapshot({ 'a.py': 'a = 1', 'p/b.py': 'b = 1' });
    const wanted = await freshTree(parcel);
    await send(newSender(), parcel);
    const path = join(root, parcel.place, 'modules/0/p/b.py');
    chmodSync(path, 0o600);
    damage(path);
    expect(await send(newSender(), parcel)).toMatchObject({ files: 3 });
    expect(tree(parcel.place)).toEqual(wanted);
  });

  it('sends whole what somebody found damaged', async () => {
    const sender = newSender();
    const files = { 'a.py': 'a = 1', 'p/b.py': 'b = 1' };
    const parcel = snapshot(files);
    await send(sender, snapshot({ ...files, 'a.py': 'a = 2' }));
    await send(sender, parcel);
    const path = join(root, parcel.place, 'modules/0/p/b.py');
    chmodSync(path, 0o600);
    writeFileSync(path, 'b = 7');
    sender.noteDamaged(transport, root, [parcel.place]);
    await send(sender, parcel);
    expect(tree(parcel.place)).toEqual(await freshTree(parcel));
  });

  it('sends the whole where what it wanted to begin from was cleaned away', async () => {
    const sender = newSender();
    const files = { 'a.py': 'a = 1', 'p/b.py': 'b = 1' };
    const first = snapshot(files);
    await send(sender, first);
    rmSync(join(root, first.place), { recursive: true });
    const second = snapshot({ ...files, 'a.py': 'a = 2' });
    expect(await send(sender, second)).toMatchObject({ files: 3 });
    expect(tree(second.place)).toEqual(await freshTree(second));
  });

  it('refuses by name a file that is not what it was', async () => {
    for (const content of ['a = 1', Buffer.alloc(2 * MEGABYTE, 'a'), Buffer.alloc(9 * MEGABYTE)]) {
      const parcel = snapshot({ 'a.py': content });
      const path = parcel.tree?.pathOf('modules/0/a.py') ?? '';
      writeFileSync(path, Buffer.alloc(Buffer.from(content).length, 'z'));
      const sending = send(newSender(), parcel);
      await expect(sending).rejects.toMatchObject({ code: 'file-changed', details: { path } });
      expect(existsSync(join(root, parcel.place))).toBe(false);
      expect(readdirSync(join(root, 'blobs'))).toEqual([]);
    }
  });

  it('goes on where a large file was cut, and sends it anew where that was something else', async () => {
    const large = Buffer.alloc(10 * MEGABYTE, 'abcdefg');
    const parcel = snapshot({ large });
    const part = join(root, `incoming/${sha256(large)}.tag.part`);
    for (const left of [large.subarray(0, 9 * MEGABYTE), Buffer.alloc(MEGABYTE), large]) {
      rmSync(root, { recursive: true, force: true });
      mkdirSync(dirname(part), { recursive: true });
      writeFileSync(part, left);
      await send(newSender(), parcel);
      expect(tree(parcel.place)).toEqual(await freshTree(parcel));
      expect(readdirSync(join(root, 'incoming'))).toEqual([]);
    }
  });

  it.each([
    ['before the rest comes', (script: string) => script.includes('cat >>')],
    ['after the rest came', (script: string) => script.includes('all-sent')]
  ])('finds its way where last bytes of an earlier try come late: %s', async (_, isMoment) => {
    const large = Buffer.alloc(10 * MEGABYTE, 'abcdefg');
    const parcel = snapshot({ large });
    const part = join(root, `incoming/${sha256(large)}.tag.part`);
    mkdirSync(dirname(part), { recursive: true });
    writeFileSync(part, large.subarray(0, MEGABYTE));
    const { run } = transport;
    let isLate = true;
    transport = Object.create(transport, {
      run: {
        value: (text: string, options: RunOptions) => {
          if (isLate && isMoment(text)) {
            isLate = false;
            writeFileSync(part, large.subarray(MEGABYTE, MEGABYTE + 10), { flag: 'a' });
          }
          return run(text, options);
        }
      }
    }) as ITransport;
    await send(newSender(), parcel);
    expect(isLate).toBe(false);
    expect(tree(parcel.place)).toEqual(await freshTree(parcel));
    expect(readdirSync(join(root, 'incoming'))).toEqual([]);
  });

  it('says that the disk there is full, and leaves nothing of what came', async () => {
    const large = Buffer.alloc(9 * MEGABYTE, 'f');
    const part = join(root, `incoming/${sha256(large)}.tag.part`);
    mkdirSync(dirname(part), { recursive: true });
    symlinkSync('/dev/full', part);
    await expect(send(newSender(), snapshot({ large }))).rejects.toMatchObject({
      code: 'disk-full',
      details: { target: 'test', problem: expect.stringContaining('No space left') as string }
    });
    expect(readdirSync(join(root, 'incoming'))).toEqual([]);
    expect(readdirSync(join(root, 'snapshots'))).toEqual([]);
  });

  it('stops at once when it is given up, and publishes nothing', async () => {
    const abort = new AbortController();
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`m${index}.py`, `${index}`.repeat(20_000)])
    );
    const parcel = snapshot(files);
    const sending = newSender().send({
      transport,
      root,
      parcels: [parcel],
      nonce: 'word',
      target: 'test',
      signal: abort.signal,
      progress: words => {
        if (words.includes(' of ')) {
          abort.abort(new Error('given up'));
        }
      }
    });
    await expect(sending).rejects.toThrow('given up');
    expect(readdirSync(join(root, 'snapshots'))).toEqual([]);
    expect(readdirSync(join(root, 'incoming'))).toEqual([]);
  });

  it('dates files by their contents, so that no compiled module outlives its source', async () => {
    const first = snapshot({ 'a.py': 'a = 1' });
    const second = snapshot({ 'a.py': 'a = 2' });
    const sender = newSender();
    await send(sender, first);
    await send(sender, second);
    const date = (place: string): number => statSync(join(root, place, 'modules/0/a.py')).mtimeMs;
    expect(date(first.place)).not.toBe(date(second.place));
  });
});
