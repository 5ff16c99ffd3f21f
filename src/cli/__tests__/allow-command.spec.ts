import { spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ErrorBody, Health } from '../../shared/wire/service';
import { isAlive, waitUntil } from '../../testing/wait-until';

const program = resolve(__dirname, '../../../sluice/service/main.cjs');
const PYTHON = resolve(__dirname, '../../../.venv/bin/python');
/** Runs a program on a terminal of its own, on which one line is typed once it asks. */
const ON_TERMINAL = `import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
said = b""
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    said += chunk
    if b"[y/N]" in said and sys.argv[1]:
        os.write(terminal, sys.argv[1].encode() + b"\\r")
        sys.argv[1] = ""
    if not chunk:
        break
sys.stdout.buffer.write(said)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

type Result = { status: number | null; out: string; err: string };

/** The built program with its real service. */
describe('sluice allow', () => {
  let folder: string;
  let project: string;
  let environment: NodeJS.ProcessEnv;

  const run = async (command: string, args: string[]): Promise<Result> => {
    const child = spawn(command, args, {
      cwd: project,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe']
    });
    const ended = new Promise<number | null>(done => child.once('close', done));
    const [out, err, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { status, out, err };
  };
  const words = (args: string[]): string[] => [
    '--disable-warning=ExperimentalWarning',
    program,
    ...args
  ];
  const sluice = (...args: string[]): Promise<Result> => run(process.execPath, words(args));
  const onTerminal = (answer: string, ...args: string[]): Promise<Result> =>
    run(PYTHON, ['-c', ON_TERMINAL, answer, process.execPath, ...words(args)]);

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'sl-')));
    project = mkdtempSync(join(folder, 'project-'));
    writeFileSync(join(project, 'sluice.toml'), '[targets.lab]\nhost = "lab"\n');
    environment = {
      ...process.env,
      SLUICE_STATE: join(folder, 'state'),
      SLUICE_CONFIG: join(folder, 'config.toml')
    };
  });

  afterEach(async () => {
    const { pid } = JSON.parse((await sluice('whoami', '--json')).out) as Health;
    process.kill(pid);
    await waitUntil('the service is gone', async () => !isAlive(pid));
    rmSync(folder, { recursive: true });
  });

  it('shows what the file says, and allows nothing unasked', async () => {
    const { status, out, err } = await sluice('allow', '.', '--json');
    expect(status).not.toBe(0);
    expect(err).toContain('    host = "lab"');
    const { error } = JSON.parse(out) as ErrorBody;
    const path = join(project, 'sluice.toml');
    expect(error).toMatchObject({ code: 'project-consent', details: { path } });
    expect((await sluice('targets')).err).toContain(`sluice allow ${path}`);
  });

  it('allows it for as long as it stays the same', async () => {
    expect(await sluice('allow', 'sluice.toml', '--yes')).toMatchObject({ status: 0 });
    expect((await sluice('targets')).out).toContain('lab');
    expect((await sluice('allow', '.')).out).toContain('asks for nothing');
    writeFileSync(join(project, 'sluice.toml'), '[targets.lab]\nhost = "evil"\n');
    expect((await sluice('targets')).status).not.toBe(0);
  });

  it('asks on the terminal, and takes only a yes for one', async () => {
    const no = await onTerminal('n', 'allow', '.');
    expect(no.status).toBe(1);
    expect(no.out).toContain('Nothing was allowed');
    const yes = await onTerminal('y', 'allow', '.');
    expect(yes.status).toBe(0);
    expect(yes.out).toContain('Allowed until');
  });
});
