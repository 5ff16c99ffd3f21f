import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '../../../testing/wait-until';
import { openLog } from '../open-log';

/** A disk of a few kilobytes; false: this machine gives none. */
function mountSmall(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('the log', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-log-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const text = (): string => readFileSync(join(folder, 'service.log'), 'utf8');

  it('has its lines at once, below those of earlier services', () => {
    openLog(join(folder, 'service.log')).info({ task: 'a' }, 'first');
    openLog(join(folder, 'service.log')).warn('second');
    expect(text()).toMatch(/INFO: first {"task":"a"}\n.*WARN: second\n$/);
  });

  it('goes on after a disk was full', async () => {
    if (!mountSmall(folder)) {
      return;
    }
    try {
      const log = openLog(join(folder, 'service.log'));
      log.info('before');
      const filler = join(folder, 'filler');
      expect(() => writeFileSync(filler, 'x'.repeat(100_000))).toThrow(/ENOSPC/);
      for (let i = 0; i < 100; i += 1) {
        log.info('y'.repeat(500));
      }
      rmSync(filler);
      log.info('after');
      await waitUntil('the log goes on', () => Promise.resolve(text().includes('INFO: after')));
      expect(text()).toContain('INFO: before');
    } finally {
      // The log is still open.
      execFileSync('umount', ['-l', folder]);
    }
  });
});
