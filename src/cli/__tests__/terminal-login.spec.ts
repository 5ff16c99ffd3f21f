import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LoginStand } from '../../testing/login-stand';
import type { Health } from '../../shared/wire/service';
import type { TwoFactorServer } from '../../testing/two-factor-server';
import { isAlive, waitUntil } from '../../testing/wait-until';

jest.setTimeout(90_000);

const packageDir = resolve(__dirname, '../../../sluice');
const python = resolve(packageDir, '../.venv/bin/python');
const program = [
  process.execPath,
  '--disable-warning=ExperimentalWarning',
  join(packageDir, 'service/main.cjs')
];

const CODE = '493017';
const PASSWORD = 'geheimes Wort 4711';
/** Runs a program on a terminal of its own. */
const ON_TERMINAL =
  'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';

type Run = {
  /** All that it has printed. */
  text: () => string;
  type: (text: string) => void;
  shows: (words: string) => Promise<void>;
  ended: Promise<number | null>;
};

/** The built program, its real service, and a real SSH server that asks for two factors. */
describe('logins on the terminal', () => {
  let logins: LoginStand;
  let server: TwoFactorServer;
  let folder: string;
  let environment: NodeJS.ProcessEnv;

  function watch(child: ChildProcessWithoutNullStreams): Run {
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (piece: Buffer) => (text += piece.toString()));
    }
    return {
      text: () => text,
      type: keys => child.stdin.write(keys),
      shows: words => waitUntil(`it shows “${words}”`, async () => text.includes(words)),
      ended: new Promise(done => child.once('close', done))
    };
  }
  const options = (): { cwd: string; env: NodeJS.ProcessEnv } => ({
    cwd: folder,
    env: environment
  });
  const onTerminal = (...args: string[]): Run =>
    watch(spawn(python, ['-c', ON_TERMINAL, ...program, ...args], options()));
  const blind = (...args: string[]): Run =>
    watch(spawn(program[0] ?? '', [...program.slice(1), ...args], options()));

  beforeEach(async () => {
    logins = await LoginStand.create();
    server = await logins.twoFactor({
      ways: [['keyboard-interactive']],
      rounds: [
        { prompts: [{ prompt: 'Password: ', echo: false }], answers: [PASSWORD] },
        { prompts: [{ prompt: 'Passcode: ', echo: true }], answers: [CODE] }
      ]
    });
    await logins.host('site', { port: server.port, hostKey: server.hostKey }, []);
    folder = mkdtempSync(join(tmpdir(), 'sluice-'));
    const lines = [
      '[targets.site]',
      'host = "site"',
      `ssh_config = ${JSON.stringify(logins.configPath)}`,
      'scheduler = "process"',
      `root = ${JSON.stringify(join(folder, 'root'))}`,
      `python = ${JSON.stringify(python)}`
    ];
    writeFileSync(join(folder, 'config.toml'), lines.map(line => `${line}\n`).join(''));
    writeFileSync(join(folder, 'hello.py'), 'print("hello")\n');
    environment = {
      ...process.env,
      SLUICE_STATE: join(folder, 'state'),
      SLUICE_CONFIG: join(folder, 'config.toml'),
      SLURM_CONF: join(folder, 'none.conf')
    };
  });

  afterEach(async () => {
    const asked = blind('whoami', '--json');
    await asked.ended;
    const { pid } = JSON.parse(asked.text()) as Health;
    process.kill(pid);
    await waitUntil('the service is gone', async () => !isAlive(pid));
    await logins.end();
    rmSync(folder, { recursive: true });
  });

  /** Answer the new host key and both factors. */
  async function answer(run: Run): Promise<void> {
    await run.shows('Type yes to go on');
    run.type('yes\r');
    await run.shows('Password:');
    run.type(`${PASSWORD}\r`);
    await run.shows('Passcode:');
    run.type(`${CODE}\r`);
  }

  it('asks all of a login, shows no secret, and remembers the host key', async () => {
    const run = onTerminal('login', 'site');
    await answer(run);
    expect(await run.ended).toBe(0);
    expect(run.text()).toContain('site: connected');
    expect(run.text()).toMatch(/SHA256:\S{20}/);
    expect(run.text()).not.toContain(PASSWORD);
    expect(server.count).toMatchObject({ logins: 1, answers: [PASSWORD, CODE] });
    expect(readFileSync(logins.knownHostsPath, 'utf8')).toContain(server.hostKey);

    const again = blind('login', 'site');
    expect([await again.ended, server.count.connections]).toEqual([0, 1]);
    const out = blind('logout', 'site');
    expect(await out.ended).toBe(0);
    expect(out.text()).toContain('the connection is closed');
  });

  it('gives the login up with Ctrl-C', async () => {
    const run = onTerminal('login', 'site');
    await run.shows('Type yes to go on');
    run.type('yes\r');
    await run.shows('Password:');
    run.type('\u0003');
    expect(await run.ended).toBe(4);
    expect(run.text()).toContain('The login to site was given up');
    expect(server.count.answers).toEqual([]);
  });

  it('ends a run whose login was given up, and its task waits', async () => {
    const run = onTerminal('run', 'site', 'hello.py');
    await run.shows('Type yes to go on');
    run.type('no\r');
    expect(await run.ended).toBe(4);
    expect(run.text()).toContain('the last login was given up');
    expect(run.text()).toContain('sluice login site');
    expect(run.text()).toMatch(/sl-\w+ waits for it/);
    const list = blind('list');
    await list.ended;
    expect(list.text()).toContain('preparing, needs login');
  });

  it('takes nothing but the whole word for a new host key', async () => {
    const run = onTerminal('login', 'site');
    await run.shows('Type yes to go on');
    run.type('y\r');
    expect(await run.ended).toBe(4);
    expect(server.count.answers).toEqual([]);
    expect(readFileSync(logins.knownHostsPath, 'utf8')).not.toContain(server.hostKey);
  });

  it('says in words what is needed where nobody can be asked, and a script’s task waits', async () => {
    const blindLogin = blind('login', 'site');
    expect(await blindLogin.ended).toBe(4);
    const blindRun = blind('run', 'site', 'hello.py');
    expect(await blindRun.ended).toBe(4);
    expect(blindRun.text()).toContain('sluice login site');
    expect(blindRun.text()).toMatch(/sl-\w+ waits for it/);
    expect(server.count.answers).toEqual([]);

    const run = onTerminal('run', 'site', 'hello.py');
    await answer(run);
    expect(await run.ended).toBe(0);
    expect(run.text()).toContain('hello');
    // What waited went on by the same login.
    await waitUntil('both have run', async () => {
      const list = blind('list', 'completed');
      await list.ended;
      return list.text().split('hello.py').length === 3;
    });
    expect(server.count.logins).toBe(1);
  });
});
