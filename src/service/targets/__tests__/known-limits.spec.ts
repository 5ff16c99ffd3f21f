import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Limits } from '../../../shared/wire/limits';
import { FRESH_MS, KnownLimits } from '../known-limits';

const PLACE = { host: 'moon', sshConfig: null, root: '~/.sluice' };
const at = (learnedAt: number): Limits => ({ partitions: [], accounts: ['a'], qos: [], learnedAt });

describe('limits that were learned', () => {
  let folder: string;
  let path: string;
  let nowMs = 1e12;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'limits-'));
    path = join(folder, 'limits.json');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const open = (): KnownLimits => new KnownLimits(path, () => nowMs);

  it('are known after a restart, for a day, and for their host and root alone', () => {
    open().keep(PLACE, at(nowMs));
    const limits = open();
    expect(limits.find(PLACE)).toEqual(at(nowMs));
    expect(limits.find({ ...PLACE, root: '/other' })).toBeNull();
    expect(limits.find({ ...PLACE, sshConfig: '/c' })).toBeNull();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['limits.json']);
    nowMs += FRESH_MS;
    expect(limits.find(PLACE)).toBeNull();
  });

  it.each(['', '{', '{"version": 2}', '{"version": 1, "places": {"x": 3}}'])(
    'are asked for anew where the file holds %j',
    text => {
      writeFileSync(path, text);
      const limits = open();
      expect(limits.find(PLACE)).toBeNull();
      limits.keep(PLACE, at(nowMs));
      expect(open().find(PLACE)).toEqual(at(nowMs));
    }
  );
});
