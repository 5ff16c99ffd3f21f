import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Prompt } from '../../shared/wire/prompt';
import type { Task } from '../../shared/wire/task';
import { LoginStand } from '../../testing/login-stand';
import { printed, ServiceStand, venvPython } from '../../testing/service-stand';
import type { TwoFactorServer } from '../../testing/two-factor-server';
import { waitUntil } from '../../testing/wait-until';

jest.setTimeout(60_000);

const CODE = '493017';
const PASSWORD = 'geheimes Wort 4711';

/** The whole service and a real SSH server that asks for a password and a code. */
describe('a site with two factors', () => {
  let logins: LoginStand;
  let server: TwoFactorServer;
  let stand: ServiceStand;
  let root: string;

  beforeEach(async () => {
    logins = await LoginStand.create();
    server = await logins.twoFactor({
      ways: [['keyboard-interactive']],
      rounds: [
        { prompts: [{ prompt: 'Password: ', echo: false }], answers: [PASSWORD] },
        {
          instructions: 'Duo \u001b[1mlogin\u001b[0m for you',
          prompts: [{ prompt: 'Passcode or option: ', echo: true }],
          answers: [CODE]
        }
      ]
    });
    await logins.host('site', { port: server.port, hostKey: server.hostKey });
    root = mkdtempSync(join(tmpdir(), 'sl-site-'));
    const lines = [
      '[targets.site]',
      'host = "site"',
      `ssh_config = ${JSON.stringify(logins.configPath)}`,
      'scheduler = "process"',
      `root = ${JSON.stringify(root)}`,
      `python = ${JSON.stringify(venvPython)}`
    ];
    stand = await ServiceStand.open(lines.map(line => `${line}\n`).join(''));
  });

  afterEach(async () => {
    await stand.close();
    await logins.end();
    rmSync(root, { recursive: true, force: true });
  });

  const prompts = async (): Promise<Prompt[]> =>
    (await stand.app.inject({ url: '/api/prompts' })).json<{ prompts: Prompt[] }>().prompts;

  async function prompt(label: string): Promise<Prompt> {
    let found: Prompt | undefined;
    await waitUntil(`it asks for ${label}`, async () => {
      found = (await prompts()).find(({ fields }) => fields[0]?.label === label);
      return found !== undefined;
    });
    return found as Prompt;
  }

  const answer = async (id: string, answers: string[] | null): Promise<void> => {
    const how = { method: 'POST', url: `/api/prompts/${id}`, payload: { answers } } as const;
    expect((await stand.app.inject(how)).statusCode).toBe(200);
  };
  const answerBoth = async (): Promise<void> => {
    await answer((await prompt('Password:')).id, [PASSWORD]);
    await answer((await prompt('Passcode or option:')).id, [CODE]);
  };
  const task = async (id: string): Promise<Task> =>
    (await stand.app.inject({ url: `/api/status/${id}` })).json<Task>();
  const says = (id: string, code: string | null): Promise<void> =>
    waitUntil(`${id} says ${code}`, async () => ((await task(id)).reason?.code ?? null) === code);
  const submit = (source: string): Promise<Task> =>
    stand.submit(stand.cell(source, { target: 'site' }));
  const logIn = async (): Promise<void> => {
    const asked = stand.app.inject({ method: 'POST', url: '/api/login/site', payload: {} });
    await answerBoth();
    expect((await asked).json()).toMatchObject({ connection: { state: 'connected' } });
  };

  it('asks round by round in the server’s words, sends each answer once, and keeps none', async () => {
    const { id } = await submit('print("there")');
    const first = await prompt('Password:');
    expect(first).toMatchObject({ target: 'site', host: 'site', fields: [{ secret: true }] });
    await answer(first.id, [PASSWORD]);
    const second = await prompt('Passcode or option:');
    expect(second).toMatchObject({ fields: [{ secret: false }] });
    expect(second.text).toContain('Duo login for you');
    await answer(second.id, [CODE]);
    const end = await stand.follow(id);
    expect([end.task.phase, printed(end)]).toEqual(['completed', 'there\n']);
    expect(server.count).toMatchObject({ connections: 1, logins: 1, answers: [PASSWORD, CODE] });

    const texts = [join(stand.directory, 'state'), root].flatMap(folder =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter(file => file.isFile())
        .map(file => readFileSync(join(file.parentPath, file.name), 'latin1'))
    );
    expect(texts.join('')).toContain(id);
    expect(texts.join('')).not.toContain(PASSWORD);
    expect(texts.join('')).not.toContain(CODE);
  });

  it('leaves a site alone that dropped a login, until a person logs in', async () => {
    const flag = join(stand.directory, 'go-on');
    const wait = `import os, time\nprint("begun", flush=True)\nwhile not os.path.exists(${JSON.stringify(flag)}): time.sleep(0.02)`;
    const { id } = await submit(`${wait}\nprint("ended")\nhome = 6 * 7`);
    await answerBoth();
    await stand.follow(id, batch => printed(batch) === 'begun\n');
    server.cut();
    await says(id, 'needs-login');
    expect((await task(id)).phase).toBe('running');
    writeFileSync(flag, '');
    // The job ends there, and nobody asks the site for it.
    const runs = join(root, 'runs', id, 'attempts/0');
    await waitUntil('the job is over', async () => readdirSync(runs).includes('end.json'));
    expect([server.count.connections, await prompts()]).toEqual([1, []]);
    await logIn();
    const end = await stand.follow(id);
    expect([end.task.phase, printed(end)]).toEqual(['completed', 'begun\nended\n']);
    expect(end.task.variables).toMatchObject([{ name: 'home', reason: null }]);
    expect(server.count).toMatchObject({ connections: 2, logins: 2 });
  });

  it('asks nothing after a restart of the service', async () => {
    const { id } = await submit('print("late")');
    await answer((await prompt('Password:')).id, null);
    await says(id, 'needs-login');
    await stand.stop();
    await stand.restart();
    await says(id, 'needs-login');
    expect([server.count.answers, await prompts()]).toEqual([[], []]);
    const { connections } = server.count;
    await logIn();
    expect(printed(await stand.follow(id))).toBe('late\n');
    expect(server.count.connections).toBe(connections + 1);
  });
});
