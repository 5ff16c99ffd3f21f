import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSshd } from '../../../testing/loopback-sshd';
import { createLocalTransport } from '../../transports/local-transport';
import { createSsh2Transport } from '../../transports/ssh2/ssh2-transport';
import type { ITransport } from '../../transports/transport';
import { fetchFile, type FetchFileOptions } from '../fetch-file';
import { partPathOf } from '../part-file';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Bytes of all values, with lines that look like the reply's own. */
function someBytes(count: number): Buffer {
  const bytes = Buffer.alloc(count);
  for (let i = 0; i < count; i += 1) {
    bytes[i] = (i * 31 + (i >> 8)) & 0xff;
  }
  return bytes;
}

describe('fetchFile', () => {
  let directory: string;
  let transport: ITransport;
  let to: string;
  let path: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sluice-fetch-'));
    transport = createLocalTransport();
    mkdirSync(join(directory, 'there'));
    mkdirSync(join(directory, 'here'));
    path = join(directory, 'there', "-a name with 'quotes'\n");
    to = join(directory, 'here', 'file');
  });

  afterEach(async () => {
    await transport.close();
    rmSync(directory, { recursive: true });
  });

  const fetch = (change: Partial<FetchFileOptions> = {}): ReturnType<typeof fetchFile> =>
    fetchFile({
      transport,
      path,
      to,
      expected: { bytes: null, sha256: null },
      signal: new AbortController().signal,
      ...change
    });

  const expectedOf = (bytes: Buffer): FetchFileOptions['expected'] => ({
    bytes: bytes.length,
    sha256: sha256(bytes)
  });

  it.each([0, 1, 300_000])('brings %d bytes, whatever it knows of them', async count => {
    const bytes = someBytes(count);
    writeFileSync(path, bytes);
    const found = { bytes: count, sha256: sha256(bytes) };
    expect(await fetch()).toEqual(found);
    expect(await fetch({ expected: expectedOf(bytes) })).toEqual(found);
    expect(readFileSync(to).equals(bytes)).toBe(true);
    expect(statSync(to).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(directory, 'here'))).toEqual(['file']);
  });

  it('lets others have their turn where a host allows one session at a time', async () => {
    const sshd = await startSshd({ lines: ['MaxSessions 1'] });
    const options = { target: 'test', host: 'loopback', sshConfig: sshd.configPath };
    const narrow = createSsh2Transport(options);
    try {
      const bytes = someBytes(2_000_000);
      writeFileSync(path, bytes);
      const others: Promise<number>[] = [];
      let done = 0;
      const other = async (): Promise<number> => {
        await narrow.run('echo', { action: 'have a turn', timeoutMs: 30_000 });
        return done;
      };
      const fetched = await fetch({
        transport: narrow,
        pieceBytes: 100_000,
        progress: count => {
          done = count;
          if (others.length === 0) {
            others.push(other());
          }
        }
      });
      expect(fetched).toEqual({ bytes: bytes.length, sha256: sha256(bytes) });
      expect(readFileSync(to).equals(bytes)).toBe(true);
      expect((await Promise.all(others))[0]).toBeLessThan(bytes.length);
    } finally {
      await narrow.close();
      await sshd.stop();
    }
  });

  it.each([99_999, 100_000, 100_001, 300_000])('brings pieces of %d bytes', async pieceBytes => {
    const bytes = someBytes(300_000);
    writeFileSync(path, bytes);
    writeFileSync(partPathOf(to), bytes.subarray(0, 1234));
    await fetch({ pieceBytes });
    expect(readFileSync(to).equals(bytes)).toBe(true);
  });

  it('begins anew where the file changes between two pieces', async () => {
    const [before, after] = [someBytes(300_000), Buffer.alloc(300_000, 'after')];
    writeFileSync(path, before);
    let isChanged = false;
    const progress = (count: number): void => {
      if (count > 100_000 && !isChanged) {
        isChanged = true;
        writeFileSync(path, after);
      }
    };
    await fetch({ pieceBytes: 100_000, progress });
    expect(isChanged).toBe(true);
    expect(readFileSync(to).equals(after)).toBe(true);
  });

  it('takes up what an earlier try brought, and tells how far it is', async () => {
    const bytes = someBytes(300_000);
    writeFileSync(path, bytes);
    writeFileSync(partPathOf(to), bytes.subarray(0, 250_000));
    const told: number[] = [];
    await fetch({ expected: expectedOf(bytes), progress: done => told.push(done) });
    expect(readFileSync(to).equals(bytes)).toBe(true);
    expect(told[0]).toBeGreaterThan(250_000);
    expect(told.at(-1)).toBe(300_000);
  });

  it.each([
    ['other bytes', Buffer.alloc(100, 'x')],
    ['more than there is', Buffer.alloc(500_000, 'x')]
  ])('begins anew where an earlier try left %s', async (_, left) => {
    const bytes = someBytes(300_000);
    writeFileSync(path, bytes);
    for (const expected of [expectedOf(bytes), { bytes: null, sha256: null }]) {
      writeFileSync(partPathOf(to), left);
      await fetch({ expected });
      expect(readFileSync(to).equals(bytes)).toBe(true);
    }
  });

  it('refuses a file that is not what it should be, and leaves what is here', async () => {
    writeFileSync(path, someBytes(1000));
    writeFileSync(to, 'mine');
    const expected = expectedOf(someBytes(999));
    await expect(fetch({ expected })).rejects.toMatchObject({ code: 'file-changed' });
    expect(readFileSync(to, 'utf8')).toBe('mine');
    expect(existsSync(partPathOf(to))).toBe(false);
  });

  it('says what is not there, and refuses what is no ordinary file', async () => {
    await expect(fetch()).rejects.toMatchObject({
      code: 'download-failed',
      details: { missing: true }
    });
    symlinkSync('/etc/passwd', path);
    await expect(fetch()).rejects.toMatchObject({ code: 'fetch-refused' });
    await expect(fetch({ path: join(directory, 'there') })).rejects.toMatchObject({
      code: 'fetch-refused'
    });
  });

  it('never writes through a link that lies where the file grows', async () => {
    writeFileSync(path, someBytes(10));
    writeFileSync(join(directory, 'victim'), 'v');
    symlinkSync(join(directory, 'victim'), partPathOf(to));
    await expect(fetch()).rejects.toMatchObject({ code: 'ELOOP' });
    expect(readFileSync(join(directory, 'victim'), 'utf8')).toBe('v');
  });

  it('keeps what came when it is given up in the middle', async () => {
    const bytes = someBytes(20_000_000);
    writeFileSync(path, bytes);
    const abort = new AbortController();
    const gaveUp = fetch({
      expected: expectedOf(bytes),
      signal: abort.signal,
      progress: () => abort.abort(new Error('given up'))
    });
    await expect(gaveUp).rejects.toThrow('given up');
    const left = statSync(partPathOf(to)).size;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(bytes.length);
    await fetch({ expected: expectedOf(bytes) });
    expect(readFileSync(to).equals(bytes)).toBe(true);
  });
});
