import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { unpack } from '../unpack';

describe('unpacking an archive', () => {
  let base: string;
  let folder: string;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'unpack-'));
    folder = join(base, 'in/here');
  });
  afterEach(() => {
    rmSync(base, { recursive: true });
  });

  type Entry = Parameters<ReturnType<typeof pack>['entry']>[0];

  async function archive(entries: [Entry, string?][]): Promise<Buffer> {
    const tar = pack();
    for (const [header, text] of entries) {
      tar.entry(header, text ?? '');
    }
    tar.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of tar as unknown as AsyncIterable<Buffer>) {
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
  const unpackAll = async (entries: [Entry, string?][]) =>
    unpack(Readable.from([await archive(entries)]), folder);

  it('makes files and folders, and keeps only the executable bit', async () => {
    const big = 'é'.repeat(300_000);
    const result = await unpackAll([
      [{ name: 'results/', type: 'directory' }],
      [{ name: 'work/a b/$(x).txt', mode: 0o777 }, 'text'],
      [{ name: './big', mode: 0o4600 }, big]
    ]);
    expect(result).toEqual({ files: ['work/a b/$(x).txt', 'big'], skipped: [] });
    expect(readFileSync(join(folder, 'big'), 'utf8')).toBe(big);
    expect(statSync(join(folder, 'work/a b/$(x).txt')).mode & 0o7122).toBe(0o100);
    expect(statSync(join(folder, 'big')).mode & 0o7111).toBe(0);
    expect(existsSync(join(folder, 'results'))).toBe(true);
  });

  it('lets nothing out of the folder', async () => {
    const result = await unpackAll([
      [{ name: '../out' }, 'x'],
      [{ name: 'a/../../out' }, 'x'],
      [{ name: join(base, 'out') }, 'x'],
      [{ name: 'link', type: 'symlink', linkname: base }],
      [{ name: 'link/out' }, 'x'],
      [{ name: 'hard', type: 'link', linkname: '/etc/passwd' }],
      [{ name: 'a/../fine' }, 'x']
    ]);
    expect(result.files).toEqual(['link/out', 'fine']);
    expect(result.skipped).toEqual(['../out', 'a/../../out', join(base, 'out'), 'link', 'hard']);
    expect([existsSync(join(base, 'out')), existsSync(join(base, 'in/out'))]).toEqual([
      false,
      false
    ]);
    expect(existsSync(join(folder, 'hard'))).toBe(false);
  });

  it('writes nothing over', async () => {
    await unpackAll([[{ name: 'mine' }, 'first']]);
    writeFileSync(join(folder, 'mine'), 'edited');
    await expect(unpackAll([[{ name: 'mine' }, 'second']])).rejects.toMatchObject({
      code: 'EEXIST'
    });
    expect(readFileSync(join(folder, 'mine'), 'utf8')).toBe('edited');
  });

  it('fails where the archive is cut off or breaks', async () => {
    const whole = await archive([[{ name: 'a' }, 'x'.repeat(5000)]]);
    await expect(unpack(Readable.from([whole.subarray(0, 2000)]), folder)).rejects.toThrow();
    const broken = new Readable({
      read() {
        this.destroy(new Error('the line broke'));
      }
    });
    await expect(unpack(broken, join(base, 'other'))).rejects.toThrow('the line broke');
  });
});
