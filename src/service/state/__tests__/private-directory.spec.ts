import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { recordTrials } from '../../../testing/record-trials';
import { requirePrivateDirectory } from '../private-directory';
import { openStateDirectory } from '../state-directory';

/** What needs another user can be tried by root alone, as CI is. */
const itAsRoot = process.getuid?.() === 0 ? it : () => undefined;
const NOBODY = 65_534;

describe('a private directory', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'sl-')));
    path = join(folder, 'above', 'state');
    mkdirSync(path, { recursive: true, mode: 0o700 });
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const refused = (point: string, words: RegExp): void => {
    expect(() => {
      requirePrivateDirectory(path);
    }).toThrow(words);
    recordTrials({ suite: 'refused callers', point, trials: 1, counts: { refused: 1 } });
  };

  it('is one of this person alone', () => {
    requirePrivateDirectory(path);
    chmodSync(join(folder, 'above'), 0o1777);
    requirePrivateDirectory(path);
  });

  it('is no link', () => {
    const real = join(folder, 'real');
    mkdirSync(real, { mode: 0o700 });
    rmSync(path, { recursive: true });
    symlinkSync(real, path);
    refused('a state directory that is a link', /is a link/);
  });

  it.each([0o770, 0o707, 0o777])('is not open to others: %o', mode => {
    chmodSync(path, mode);
    refused('a state directory that others can write to', /written to by others/);
  });

  it.each([0o777, 0o757])('lies below no folder in which others can replace it: %o', mode => {
    chmodSync(join(folder, 'above'), mode);
    refused('a folder above that others can write to', /could put another directory/);
  });

  itAsRoot('is not another user’s', () => {
    chownSync(path, NOBODY, NOBODY);
    refused('a state directory of another user', /not a directory of yours/);
  });

  it.each([0, 0o077])('is made with what lies in it, whatever the umask is: %o', umask => {
    const before = process.umask(umask);
    try {
      const state = openStateDirectory({ SLUICE_STATE: join(folder, 'new', 'deep', 'state') });
      const modeOf = (at: string): number => statSync(at).mode & 0o777;
      expect([state.path, dirname(state.path)].map(modeOf)).toEqual([0o700, 0o700]);
      expect([state.spool, state.resultsDir].map(modeOf)).toEqual([0o700, 0o700]);
      expect(modeOf(state.noncePath)).toBe(0o600);
    } finally {
      process.umask(before);
    }
  });

  itAsRoot('lets no other user reach a socket in it', async () => {
    const socket = join(path, 'socket');
    const server = createServer(connection => connection.destroy());
    await new Promise<void>(resolve => server.listen(socket, resolve));
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'above'), 0o755);
    // Even one that forgot its own mode: the directory is what refuses.
    chmodSync(socket, 0o666);
    const code = `import socket, sys
try:
    socket.socket(socket.AF_UNIX).connect(sys.argv[1])
except PermissionError:
    print("refused")`;
    const ask = (uid: number): string =>
      spawnSync('python3', ['-c', code, socket], { uid, gid: uid, encoding: 'utf8' }).stdout;
    // Not waited for: the server of this very process answers by its backlog.
    expect([ask(NOBODY), ask(0)]).toEqual(['refused\n', '']);
    await new Promise(resolve => server.close(resolve));
    recordTrials({
      suite: 'refused callers',
      point: 'another uid',
      trials: 1,
      counts: { refused: 1 }
    });
  });
});
