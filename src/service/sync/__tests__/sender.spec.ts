import {
  chmodSync,
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
import { createLocalTransport } from '../../transports/local-transport';
import type { ITransport } from '../../transports/transport';
import type { Sent } from '../send-options';
import { Sender } from '../sender';
import { buildBlobParcel } from '../blob-parcels';
import { sha256 } from '../sha256';
import type { Parcel } from '../shipment';

describe('send', () => {
  let directory: string;
  let root: string;
  let transport: ITransport;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sluice-send-'));
    root = join(directory, "a root with 'quotes'");
    transport = createLocalTransport();
  });

  afterEach(async () => {
    await transport.close();
    rmSync(directory, { recursive: true });
  });

  const text = (place: string, content: string, executable = false): Parcel => ({
    place,
    files: () =>
      Promise.resolve([
        { place: `${place}/x.py`, bytes: content.length, executable, content: Buffer.from(content) }
      ])
  });

  const blob = (path: string): Parcel => {
    const bytes = readFileSync(path);
    return buildBlobParcel(path, { sha256: sha256(bytes), bytes: bytes.length });
  };

  const sendAll = (parcels: Parcel[], alsoAsk?: string): Promise<Sent> =>
    new Sender({ tag: 'tag', nowMs: () => 0 }).send({
      target: 'test',
      alsoAsk,
      transport,
      root,
      parcels,
      nonce: 'word',
      signal: new AbortController().signal,
      progress: () => undefined
    });

  it('publishes what the host lacks, private whatever the umask, and nothing twice', async () => {
    const path = join(directory, 'big');
    writeFileSync(path, 'x'.repeat(300_000));
    const parcels = [text('snapshots/s1', 'print(1)'), text('worker/w1', 'w', true), blob(path)];
    expect(await sendAll(parcels)).toMatchObject({ files: 3, bytes: 300_009 });
    expect(readFileSync(join(root, 'snapshots/s1/x.py'), 'utf8')).toBe('print(1)');
    expect(readFileSync(join(root, blob(path).place), 'utf8')).toHaveLength(300_000);
    expect(statSync(join(root, blob(path).place)).mode & 0o777).toBe(0o400);
    expect(statSync(join(root, 'worker/w1/x.py')).mode & 0o777).toBe(0o700);
    expect(statSync(join(root, 'snapshots')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(root, 'incoming'))).toEqual([]);
    expect(await sendAll(parcels)).toMatchObject({ files: 0, bytes: 0 });
  });

  it('asks something else in the same breath, and keeps the answers apart', async () => {
    const parcels = [text('snapshots/s1', 'print(1)')];
    const sent = await sendAll(parcels, "echo 'sluice:found 3'; false");
    expect(sent).toMatchObject({ files: 1, said: 'missing snapshots/s1\nsluice:found 3\n' });
    const again = await sendAll(parcels, "echo 'sluice:found 3'; false");
    expect(again).toMatchObject({ files: 0, said: 'sluice:found 3\n' });
  });

  it('publishes nothing when a file vanished on the way', async () => {
    const path = join(directory, 'big');
    writeFileSync(path, 'x'.repeat(300_000));
    const gone = blob(path);
    const files = await gone.files();
    rmSync(path);
    await expect(
      sendAll([{ place: gone.place, files: () => Promise.resolve(files) }])
    ).rejects.toThrow();
    expect(existsSync(join(root, gone.place))).toBe(false);
  });

  it('says what the host said when it cannot write', async () => {
    writeFileSync(join(directory, 'file'), '');
    chmodSync(join(directory, 'file'), 0o600);
    root = join(directory, 'file', 'below');
    await expect(sendAll([text('worker/w1', 'w')])).rejects.toMatchObject({
      code: 'upload-failed',
      details: { root }
    });
  });
});
