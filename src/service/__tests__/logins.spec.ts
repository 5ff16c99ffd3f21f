import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { ServiceFrame } from '../../shared/wire/frames';
import type { Prompt } from '../../shared/wire/prompt';
import type { EventBatch, Targets } from '../../shared/wire/service';
import type { Task } from '../../shared/wire/task';
import { GatedHost } from '../../testing/gated-host';
import { printed, ServiceStand, venvPython } from '../../testing/service-stand';
import { waitUntil } from '../../testing/wait-until';

jest.setTimeout(60_000);

const CODE = 'geheimer-Code-4711';

/** The whole service with a target behind a login: real shell, real jobs, a real kept connection. */
describe('a target that asks for a login', () => {
  let host: GatedHost;
  let stand: ServiceStand;
  let root: string;

  beforeEach(async () => {
    host = new GatedHost(CODE);
    root = mkdtempSync(join(tmpdir(), 'sl-gated-'));
    const config = `[targets.gated]\nhost = "gated"\nscheduler = "process"\nroot = ${JSON.stringify(root)}\npython = ${JSON.stringify(venvPython)}\n`;
    stand = await ServiceStand.open(config, {}, ({ desk }, usual) => ({
      ...usual,
      transport: (name, sshConfig) =>
        name === null
          ? usual.transport(name, sshConfig)
          : host.transport(name, desk.prompter({ host: name, sshConfig }))
    }));
  });

  afterEach(async () => {
    await stand.close();
    rmSync(root, { recursive: true, force: true });
  });

  const prompts = async (): Promise<Prompt[]> =>
    (await stand.app.inject({ url: '/api/prompts' })).json<{ prompts: Prompt[] }>().prompts;

  async function prompt(): Promise<Prompt> {
    let open: Prompt[] = [];
    await waitUntil('a question is open', async () => (open = await prompts()).length > 0);
    return open[0] as Prompt;
  }

  const answer = async (id: string, answers: string[] | null): Promise<number> =>
    (await stand.app.inject({ method: 'POST', url: `/api/prompts/${id}`, payload: { answers } }))
      .statusCode;
  const task = async (id: string): Promise<Task> =>
    (await stand.app.inject({ url: `/api/status/${id}` })).json<Task>();
  const says = (id: string, code: string | null): Promise<void> =>
    waitUntil(`${id} says ${code}`, async () => ((await task(id)).reason?.code ?? null) === code);
  const submit = (source: string): Promise<Task> =>
    stand.submit(stand.cell(source, { target: 'gated' }));
  const logIn = async (): Promise<void> => {
    const asked = stand.app.inject({ method: 'POST', url: '/api/login/gated', payload: {} });
    await answer((await prompt()).id, [CODE]);
    expect((await asked).json()).toMatchObject({ connection: { state: 'connected' } });
  };

  it('asks once, runs, and keeps what was typed nowhere', async () => {
    const { id } = await submit('print("there")');
    const asked = await prompt();
    expect(asked).toMatchObject({ target: 'gated', host: 'gated', isShown: false });
    expect(await answer(asked.id, ['one', 'two'])).toBe(400);
    expect(await answer(asked.id, [CODE])).toBe(200);
    expect(await answer(asked.id, [CODE])).toBe(404);
    const end = await stand.follow(id);
    expect([end.task.phase, printed(end)]).toEqual(['completed', 'there\n']);
    expect([host.codes, host.connections]).toEqual([[CODE], 1]);

    const state = join(stand.directory, 'state');
    const files = readdirSync(state, { recursive: true, withFileTypes: true });
    const texts = files
      .filter(file => file.isFile())
      .map(file => readFileSync(join(file.parentPath, file.name), 'latin1'));
    expect(texts.join('')).toContain(id);
    expect(texts.join('')).not.toContain(CODE);
  });

  it('waits where the login is given up, and goes on after the next one', async () => {
    const { id } = await submit('print("late")');
    await answer((await prompt()).id, null);
    await says(id, 'needs-login');
    const waiting = await task(id);
    expect(waiting.phase).toBe('preparing');
    expect(waiting.reason?.message).toContain('the last login was given up');
    expect(waiting.reason?.hint).toContain('Press “Log in”');
    expect(waiting.reason?.hint).toContain('sluice login gated');
    const { connections } = host;
    await logIn();
    expect(printed(await stand.follow(id))).toBe('late\n');
    expect(host.connections).toBe(connections + 1);
  });

  it('fails in words where the login is refused', async () => {
    const { id } = await submit('print("never")');
    await answer((await prompt()).id, ['wrong']);
    const { task: end } = await stand.follow(id);
    expect([end.phase, end.reason?.code]).toEqual(['failed', 'authentication-refused']);
    expect(host.codes).toEqual(['wrong']);
  });

  it('needs a login at once when the connection is lost, and leaves the host alone', async () => {
    const flag = join(stand.directory, 'go-on');
    const source = `import os, time\nprint("begun", flush=True)\nwhile not os.path.exists(${JSON.stringify(flag)}): time.sleep(0.02)\nprint("ended")\nhome = 6 * 7`;
    const { id } = await submit(source);
    await answer((await prompt()).id, [CODE]);
    await stand.follow(id, batch => printed(batch) === 'begun\n');
    await host.drop();
    await says(id, 'needs-login');
    expect((await task(id)).phase).toBe('running');
    const other = await submit('print("second")');
    await answer((await prompt()).id, null);
    await says(other.id, 'needs-login');
    const { connections } = host;

    const cancel = await stand.app.inject({ method: 'POST', url: `/api/cancel/${other.id}` });
    expect(cancel.statusCode).toBe(200);
    await says(other.id, 'canceled');
    await stand.app.inject({ url: '/api/tasks' });
    expect([host.connections, await prompts()]).toEqual([connections, []]);

    await logIn();
    await says(id, null);
    writeFileSync(flag, '');
    const end = await stand.follow(id);
    expect([end.task.phase, printed(end)]).toEqual(['completed', 'begun\nended\n']);
    expect(host.connections).toBe(connections + 1);
  });

  it('asks nobody after a restart', async () => {
    const { id } = await submit('print("later")');
    await answer((await prompt()).id, null);
    await says(id, 'needs-login');
    await stand.stop();
    await stand.restart();
    await says(id, 'needs-login');
    expect(await prompts()).toEqual([]);
    await logIn();
    expect(printed(await stand.follow(id))).toBe('later\n');
  });

  it('carries a cancel out after the next login', async () => {
    const { id } = await submit('import time\nprint("begun", flush=True)\ntime.sleep(600)');
    await answer((await prompt()).id, [CODE]);
    await stand.follow(id, batch => printed(batch) === 'begun\n');
    await host.drop();
    await says(id, 'needs-login');
    await stand.cancel(id);
    // The order is a person's own, so its login may ask.
    await answer((await prompt()).id, null);
    expect(await task(id)).toMatchObject({ phase: 'running', cancelRequested: true });
    await logIn();
    expect((await stand.follow(id)).task.phase).toBe('canceled');
  });

  it('asks nobody for a caller that can show nothing', async () => {
    const answered = await stand.app.inject({
      method: 'POST',
      url: '/api/login/gated',
      payload: {},
      headers: { 'x-sluice-unattended': '1' }
    });
    expect(answered.statusCode).toBe(503);
    expect(answered.json()).toMatchObject({ error: { code: 'needs-login' } });
    expect(await prompts()).toEqual([]);
  });

  it('wakes a long poll when a question opens', async () => {
    const { id } = await submit('print(1)');
    const { revision } = (await stand.app.inject({ url: `/api/events/${id}` })).json<EventBatch>();
    const url = `/api/events/${id}?waitMs=30000&known=${revision - 1}`;
    const batch = (await stand.app.inject({ url })).json<EventBatch>();
    expect(batch.revision).toBeGreaterThanOrEqual(revision);
    const asked = await prompt();
    const again = (await stand.app.inject({ url })).json<EventBatch>();
    expect(again.prompts).toMatchObject([{ id: asked.id }]);
    await answer(asked.id, null);
  });

  it('tells clients of the event stream, and knows which of them shows questions', async () => {
    const frames: ServiceFrame[] = [];
    const path = join(stand.directory, 'events.sock');
    await stand.app.listen({ path });
    const connect = (): WebSocket => {
      const client = new WebSocket(`ws+unix:${path}:/api/events`);
      client.on('message', (data: Buffer) => {
        frames.push(JSON.parse(data.toString()) as ServiceFrame);
      });
      return client;
    };
    const told = (what: string, isSo: (frame: ServiceFrame) => boolean): Promise<void> =>
      waitUntil(`a frame tells ${what}`, async () => frames.some(isSo));

    const first = connect();
    await once(first, 'open');
    const { id } = await submit('print(1)');
    const asked = await prompt();
    await told('the question', frame => frame.frame === 'prompt' && frame.id === asked.id);
    await told('the connection', ({ frame }) => frame === 'targets');
    frames.length = 0;
    const second = connect();
    await told('the open question', frame => frame.frame === 'prompt' && !frame.isShown);
    second.send(JSON.stringify({ frame: 'shows-prompts' }));
    await told('that it is shown', frame => frame.frame === 'prompt' && frame.isShown);
    expect((await prompt()).isShown).toBe(true);
    frames.length = 0;
    second.terminate();
    await told('that nobody shows it', frame => frame.frame === 'prompt' && !frame.isShown);
    await answer(asked.id, null);
    await told('its end', frame => frame.frame === 'prompt-closed' && frame.id === asked.id);
    await says(id, 'needs-login');
    expect(JSON.stringify(frames)).not.toContain(CODE);
    first.terminate();
  });

  it('keeps a hundred tasks waiting for one login', async () => {
    const all = await Promise.all(Array.from({ length: 100 }, () => submit('print(1)')));
    await answer((await prompt()).id, null);
    for (const { id } of all) {
      await says(id, 'needs-login');
    }
    expect([host.connections, await prompts()]).toEqual([1, []]);
    await Promise.all(all.map(({ id }) => stand.cancel(id)));
    for (const { id } of all) {
      await says(id, 'canceled');
    }
    expect(host.connections).toBe(1);
  });

  it('shows the connection among the targets', async () => {
    const { targets } = (await stand.app.inject({ url: '/api/targets' })).json<Targets>();
    expect(targets.map(({ name }) => name)).toContain('gated');
  });
});
