import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest, ManifestEntry } from '../../../capture/manifest';
import { createLocalTransport } from '../../transports/local-transport';
import type { ITransport, RunOptions } from '../../transports/transport';
import { Sender } from '../sender';
import type { Sent } from '../send-options';
import { sha256 } from '../sha256';
import type { Parcel } from '../shipment';
import { buildSnapshotParcel } from '../snapshot-parcel';

const NAMES = 2000;
const DAY_S = 86_400;

/** Each a name that some program takes for something else. */
const HOSTILE = [
  '-rf',
  '--checkpoint-action=exec=sh',
  "it's",
  '"$(touch canary)"',
  '`touch canary`',
  '$HOME',
  'a b',
  'a\nb',
  'a\tb',
  '*?[x]',
  '\\n',
  '%s%n',
  '#!',
  '~',
  '!!',
  '; touch canary',
  '| touch canary',
  '&& touch canary',
  '\u001b[31m',
  'ü\u0301',
  '日本',
  '🦀',
  '.hidden',
  'x'.repeat(120)
];

describe('the sending of many files', () => {
  let directory: string;
  let root: string;
  let inner: ITransport;
  let transport: ITransport;
  let scripts: string[];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sluice-bulk-'));
    root = join(directory, 'root');
    inner = createLocalTransport();
    scripts = [];
    transport = Object.create(inner, {
      run: {
        value: (text: string, options: RunOptions) => {
          scripts.push(text);
          return inner.run(text, options);
        }
      }
    }) as ITransport;
  });

  afterEach(async () => {
    await inner.close();
    rmSync(directory, { recursive: true });
  });

  function snapshot(contents: ReadonlyMap<string, Buffer>): Parcel {
    mkdirSync(join(directory, 'here'), { recursive: true });
    const entries = [...contents].map(([name, content]): ManifestEntry => {
      const hash = sha256(content);
      const absolute = join(directory, 'here', hash);
      writeFileSync(absolute, content);
      const place = `files/${name}`;
      return { place, sha256: hash, bytes: content.length, executable: false, why: '', absolute };
    });
    const lines = entries.map(e => JSON.stringify([e.place, e.sha256, e.bytes, e.executable]));
    const text = lines.map(line => `${line}\n`).join('');
    return buildSnapshotParcel({ entries, text, hash: sha256(text) } as Manifest) as Parcel;
  }

  const send = (
    parcel: Parcel,
    sender = new Sender({ tag: 'tag', nowMs: () => 0 })
  ): Promise<Sent> =>
    sender.send({
      transport,
      root,
      parcels: [parcel],
      nonce: `word${scripts.length}`,
      target: 'test',
      signal: new AbortController().signal,
      progress: () => undefined
    });

  function found({ place }: Parcel): Map<string, string> {
    const folder = join(root, place, 'files');
    return new Map(
      readdirSync(folder).map(name => [name, sha256(readFileSync(join(folder, name)))])
    );
  }

  const hashes = (contents: ReadonlyMap<string, Buffer>): Map<string, string> =>
    new Map([...contents].map(([name, content]) => [name, sha256(content)]));

  const texts = (word: string, count: number): Map<string, Buffer> =>
    new Map(
      Array.from({ length: count }, (_, index) => [
        `f${index}.py`,
        Buffer.from(`${word} ${index}\n`.repeat(100))
      ])
    );

  it(`brings ${NAMES} hostile names as they are, and runs none of them`, async () => {
    const contents = new Map(
      Array.from({ length: NAMES }, (_, index) => [
        `${HOSTILE[index % HOSTILE.length] ?? ''}${index < HOSTILE.length ? '' : index}`,
        Buffer.from(`${index}`)
      ])
    );
    const parcel = snapshot(contents);
    await send(parcel);
    expect(found(parcel)).toEqual(hashes(contents));
    expect(readdirSync(directory).sort()).toEqual(['here', 'root']);
    expect(readdirSync(join(root, 'incoming'))).toEqual([]);
  });

  it('compresses text', async () => {
    const contents = texts('text', 200);
    const parcel = snapshot(contents);
    await send(parcel);
    expect(scripts.some(text => text.includes('gzip -dc |'))).toBe(true);
    expect(found(parcel)).toEqual(hashes(contents));
  });

  it('does not compress noise', async () => {
    const noise = (seed: number): Buffer =>
      Buffer.concat(
        Array.from({ length: 64 }, (_, index) => Buffer.from(sha256(`${seed} ${index}`), 'hex'))
      );
    const contents = new Map(Array.from({ length: 100 }, (_, n) => [`f${n}`, noise(n)]));
    const parcel = snapshot(contents);
    await send(parcel);
    expect(scripts.some(text => text.includes('gzip -dc |'))).toBe(false);
    expect(found(parcel)).toEqual(hashes(contents));
  });

  it.each([-DAY_S, DAY_S])('does not mind a clock there that is %d s off', async offsetS => {
    const before = texts('before', 200);
    const base = snapshot(before);
    await send(base);
    // As a host with such a clock dates what it makes.
    const nowS = Date.now() / 1000 + offsetS;
    for (const place of ['snapshots', base.place, 'incoming', 'blobs']) {
      utimesSync(join(root, place), nowS, nowS);
    }
    const after = new Map([...before, ['f7.py', Buffer.from('edited')]]);
    const next = snapshot(after);
    // Another life of the service, which has to learn from the host what is there.
    expect(await send(next)).toMatchObject({ files: 2 });
    expect(found(next)).toEqual(hashes(after));
    expect(await send(next)).toMatchObject({ files: 0 });
  });
});
