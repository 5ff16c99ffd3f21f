import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest, ManifestEntry } from '../../../capture/manifest';
import { waitUntil } from '../../../testing/wait-until';
import { createLocalTransport } from '../../transports/local-transport';
import type { ITransport, RunOptions } from '../../transports/transport';
import { Sender } from '../sender';
import { sha256 } from '../sha256';
import type { Parcel } from '../shipment';
import { buildSnapshotParcel } from '../snapshot-parcel';

const MEGABYTE = 2 ** 20;

/** Counts in the file's first bytes, for as long as it lives. */
const WRITER = `
  const { openSync, writeSync } = require('node:fs');
  const file = openSync(process.argv[1], 'r+');
  let count = 0;
  (function write() {
    writeSync(file, String((count += 1)).padStart(12, '0'), 0);
    setImmediate(write);
  })();
`;

describe('a file that changes while it is sent', () => {
  let directory: string;
  let root: string;
  let path: string;
  let transport: ITransport;
  let writer: ChildProcess | null;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sluice-changing-'));
    root = join(directory, 'root');
    path = join(directory, 'results.csv');
    transport = createLocalTransport();
    writer = null;
  });

  afterEach(async () => {
    await stopWriter();
    await transport.close();
    rmSync(directory, { recursive: true });
  });

  async function startWriter(): Promise<void> {
    const before = readFileSync(path).subarray(0, 12).toString();
    writer = spawn(process.execPath, ['-e', WRITER, path], { stdio: 'ignore' });
    await waitUntil('the writer writes', () =>
      Promise.resolve(readFileSync(path).subarray(0, 12).toString() !== before)
    );
  }

  async function stopWriter(): Promise<void> {
    if (writer !== null) {
      const exited = once(writer, 'exit');
      writer.kill('SIGKILL');
      await exited;
      writer = null;
    }
  }

  /** The file as it is now, as all that a task needs. */
  function snapshot(): Parcel {
    const content = readFileSync(path);
    const facts = { place: 'files/0/results.csv', sha256: sha256(content), bytes: content.length };
    const entry: ManifestEntry = { ...facts, executable: false, why: '', absolute: path };
    const text = `${JSON.stringify([facts.place, facts.sha256, facts.bytes, false])}\n`;
    return buildSnapshotParcel({
      entries: [entry],
      text,
      hash: sha256(text)
    } as Manifest) as Parcel;
  }

  const send = (sender: Sender, parcel: Parcel, nonce: string): Promise<unknown> =>
    sender.send({
      transport,
      root,
      parcels: [parcel],
      nonce,
      target: 'test',
      signal: new AbortController().signal,
      progress: () => undefined
    });

  const arrived = ({ place }: Parcel): Buffer =>
    readFileSync(join(root, place, 'files/0/results.csv'));

  it.each([
    ['small', 5000],
    ['shared', 2 * MEGABYTE],
    ['alone', 9 * MEGABYTE]
  ])('is refused by name while a program writes on and on, and sent after it: %s', async (_, n) => {
    writeFileSync(path, Buffer.alloc(n, 'x'));
    const sender = new Sender({ tag: 'tag', nowMs: () => 0 });
    const parcel = snapshot();
    await startWriter();
    await expect(send(sender, parcel, 'one')).rejects.toMatchObject({
      code: 'file-changed',
      details: { path }
    });
    expect([existsSync(join(root, parcel.place)), readdirSync(join(root, 'blobs'))]).toEqual([
      false,
      []
    ]);
    await stopWriter();

    const after = snapshot();
    await send(sender, after, 'two');
    expect(arrived(after).equals(readFileSync(path))).toBe(true);
    expect(statSync(join(root, after.place)).isDirectory()).toBe(true);
  });

  it('is taken once more when what was written is written back', async () => {
    const content = Buffer.alloc(9 * MEGABYTE, 'x');
    writeFileSync(path, content);
    const parcel = snapshot();
    const inner = transport;
    let tries = 0;
    transport = Object.create(inner, {
      run: {
        value: (script: string, options: RunOptions) => {
          if (script.includes('cat >>')) {
            tries += 1;
            writeFileSync(path, tries === 1 ? Buffer.alloc(content.length, 'y') : content);
          }
          return inner.run(script, options);
        }
      }
    }) as ITransport;
    await send(new Sender({ tag: 'tag', nowMs: () => 0 }), parcel, 'word');
    expect(tries).toBe(2);
    expect(arrived(parcel).equals(content)).toBe(true);
    expect(readdirSync(join(root, 'incoming'))).toEqual([]);
  });
});
