import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Health } from '../../shared/wire/service';
import { isAlive, waitUntil } from '../../testing/wait-until';

jest.setTimeout(60_000);

const program = resolve(__dirname, '../../../sluice/service/main.cjs');

type Result = { status: number | null; out: string; err: string };

/** The built program with its real service. */
describe('sluice trust', () => {
  let folder: string;
  let config: string;

  async function sluice(...args: string[]): Promise<Result> {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', program, ...args],
      {
        cwd: folder,
        env: { ...process.env, SLUICE_STATE: join(folder, 'state'), SLUICE_CONFIG: config },
        stdio: ['ignore', 'pipe', 'pipe']
      }
    );
    const ended = new Promise<number | null>(done => child.once('close', done));
    const [out, err, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { status, out, err };
  }
  const targetRow = async (): Promise<string> =>
    (await sluice('targets')).out.split('\n').find(line => line.startsWith('moon')) ?? '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sl-'));
    config = join(folder, 'config.toml');
    writeFileSync(config, '# mine\n[targets.moon]\nhost = "moon.example.org"\n', { mode: 0o600 });
  });
  afterAll(async () => {
    const { pid } = JSON.parse((await sluice('whoami', '--json')).out) as Health;
    process.kill(pid);
    await waitUntil('the service is gone', async () => !isAlive(pid));
    rmSync(folder, { recursive: true });
  });

  it('is kept in the person’s own file, whose other words stay, and holds at once', async () => {
    expect(await targetRow()).toContain('none');
    expect(await sluice('trust', 'moon', 'outputs')).toEqual({
      status: 0,
      out: 'moon: trusted with “outputs”\n',
      err: ''
    });
    expect(readFileSync(config, 'utf8')).toContain('# mine\n[targets.moon]\n');
    expect(readFileSync(config, 'utf8')).toMatch(/^trust = "outputs"$/m);
    expect(await targetRow()).toContain('outputs');
  });

  it('tells another program in JSON, and takes a word back', async () => {
    const { status, out } = await sluice('trust', 'moon', 'none', '--json');
    expect([status, JSON.parse(out)]).toEqual([0, { target: 'moon', trust: 'none' }]);
    expect(readFileSync(config, 'utf8')).toMatch(/^trust = "none"$/m);
  });

  it('refuses what it does not know, and says what there is', async () => {
    const level = await sluice('trust', 'moon', 'all');
    expect(level.status).toBe(2);
    expect(level.err).toContain('none, outputs, pickles');
    const here = await sluice('trust', 'here', 'none');
    expect([here.status, here.err]).toEqual([2, expect.stringContaining('this machine')]);
    expect((await sluice('trust', 'mars', 'none')).status).not.toBe(0);
  });
});
