import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CleanReport } from '../../shared/wire/clean';
import { emptyCapture } from '../../shared/wire/empty-capture';
import type { Capture } from '../../shared/wire/capture';
import type { Plan } from '../../shared/wire/plan';
import type { HomeVariable, Task } from '../../shared/wire/task';
import { printed, ServiceStand, venvPython } from '../../testing/service-stand';

const BIG = 'import numpy\nbig = numpy.arange(15_000_000)\nsmall = 3\ndef f(): return 1';

type Refusal = { error: { code: string; message: string } };

/** The whole service, with a real worker on this machine, and another root that counts as elsewhere. */
describe('values that stay on their target', () => {
  let stand: ServiceStand;

  const root = (name: string): string => join(stand.directory, name);
  const configOf = (trust: string): string =>
    ['near', 'far']
      .map(
        name =>
          `[targets.${name}]\nscheduler = "process"\npython = ${JSON.stringify(venvPython)}\n` +
          `root = "ROOT/${name}"\n${trust}\n`
      )
      .join('\n');

  async function open(trust: string): Promise<void> {
    stand = await ServiceStand.open('');
    writeFileSync(
      join(stand.directory, 'config.toml'),
      configOf(trust).replaceAll('ROOT', stand.directory)
    );
  }

  const capture = (change: Partial<Capture>): Capture => ({
    ...emptyCapture(),
    nonce: stand.nonce,
    accepts: ['json', 'npy', 'pickle'],
    ...change
  });

  async function run(
    source: string,
    change: Partial<Capture> = {},
    target = 'near'
  ): Promise<Task> {
    const task = await stand.submit(stand.cell(source, { target, capture: capture(change) }));
    return (await stand.follow(task.id)).task;
  }

  const named = (task: Task, name: string): HomeVariable | undefined =>
    task.variables.find(each => each.name === name);

  const bring = (id: string, payload: object) =>
    stand.app.inject({ method: 'POST', url: `/api/values/${id}`, payload });

  const handle = (task: Task): Partial<Capture> => ({
    handles: [{ name: 'big', task: task.id, variable: 'big', why: 'read by the cell' }]
  });

  afterEach(async () => {
    await stand.close();
  });

  it('a large one is a handle, used in place there, and comes when it is asked for', async () => {
    await open('trust = "outputs"');
    const made = await run(BIG);
    expect(made.phase).toBe('completed');
    const large = named(made, 'big');
    expect(large).toMatchObject({ kept: 'large', format: 'npy', files: [], bytes: 120_000_128 });
    expect(large?.from).toEqual({ task: made.id, target: 'near' });
    expect(large?.reason).toContain('`big.fetch()`');
    expect(named(made, 'small')).toMatchObject({ reason: null, kept: null });

    const used = await run('s = int(big.sum())\nbig[0] = 5', handle(made));
    expect(used).toMatchObject({ phase: 'completed', reason: null });
    expect(named(used, 's')).toMatchObject({ reason: null });
    expect(readFileSync(named(used, 's')?.files[0]?.path ?? '', 'utf8')).toBe('112499992500000');
    expect(named(used, 'big')).toMatchObject({ kept: 'large', from: { task: used.id } });

    const answer = await bring(made.id, { name: 'big' });
    expect(answer.statusCode).toBe(200);
    const here = answer.json<HomeVariable>();
    expect(here).toMatchObject({ reason: null, kept: null });
    expect(statSync(here.files[0]?.path ?? '').size).toBe(120_000_128);
    const status = await stand.app.inject({ url: `/api/status/${made.id}` });
    expect(named(status.json<Task>(), 'big')).toMatchObject({ reason: null });
    expect(status.json<Task>().progress).toBeNull();
  });

  it('the plan says which values are used in place, and moves none of their bytes', async () => {
    await open('trust = "outputs"');
    const made = await run(BIG);
    const request = stand.cell('big.sum()', { target: 'near', capture: capture(handle(made)) });
    const answer = await stand.app.inject({
      method: 'POST',
      url: '/api/plan',
      payload: { ...request, brief: true }
    });
    const plan = answer.json<Plan>();
    expect(plan.variables).toEqual([
      {
        name: 'big',
        type: 'numpy.ndarray',
        bytes: 120_000_128,
        format: 'npy',
        why: `read by the cell; used in place, as task ${made.id} left it there`
      }
    ]);
    expect(plan.transfer.bytes).toBeLessThan(1e6);
  });

  it('a cell elsewhere, or after the value went, is refused before it is sent', async () => {
    await open('trust = "outputs"');
    const made = await run(BIG);
    const elsewhere = await run('big.sum()', handle(made), 'far');
    expect(elsewhere.reason).toMatchObject({ code: 'value-elsewhere' });
    expect(elsewhere.reason?.message).toContain('lies on near');
    expect(existsSync(join(root('far'), 'runs'))).toBe(false);
    const unknown = await run('big.sum()', {
      handles: [{ name: 'big', task: 'sl-no', variable: 'big', why: '' }]
    });
    expect(unknown.reason).toMatchObject({ code: 'value-gone' });
    rmSync(join(root('near'), 'runs', made.id), { recursive: true });
    const late = await run('big.sum()', handle(made));
    expect(late.reason).toMatchObject({ code: 'value-gone' });
    expect(late.jobId).toBeNull();
    const answer = await bring(made.id, { name: 'big' });
    expect(answer.statusCode).toBe(410);
  });

  it('the cleaner asks before it takes one', async () => {
    await open('trust = "outputs"');
    const made = await run(BIG);
    await run('x = 1');
    const clean = async (): Promise<CleanReport> => {
      const payload = { dryRun: true, olderThanDays: 0 };
      const answer = await stand.app.inject({ method: 'POST', url: '/api/clean/near', payload });
      return answer.json<CleanReport>();
    };
    const asks = (await clean()).asks.map(({ place, why }) => [place, why]);
    expect(asks).toEqual([[`runs/${made.id}`, 'it keeps values that later cells may use']]);
    await bring(made.id, { name: 'big' });
    expect((await clean()).asks).toEqual([]);
  });

  it.each(['none', 'outputs'])('with trust = "%s" pickles wait for a word', async trust => {
    await open(`trust = "${trust}"`);
    const made = await run('def f(): return 1\npair = (1, object())\nn = 2');
    for (const name of ['f', 'pair']) {
      expect(named(made, name)).toMatchObject({ kept: 'withheld', format: 'pickle' });
      expect(named(made, name)?.reason).toContain(`trusted with “${trust}” only`);
      expect(named(made, name)?.reason).toContain(`%sluice load ${made.id} ${name}`);
      expect(existsSync(named(made, name)?.files[0]?.path ?? '')).toBe(true);
      const refused = await bring(made.id, { name });
      expect([refused.statusCode, refused.json<Refusal>().error.code]).toEqual([
        403,
        'value-withheld'
      ]);
      const loaded = (await bring(made.id, { name, load: true })).json<HomeVariable>();
      expect(loaded).toMatchObject({ reason: null, kept: null });
    }
    expect(named(made, 'f')?.reason).toMatch(/^is code: /);
    const status = await stand.app.inject({ url: `/api/status/${made.id}` });
    expect(named(status.json<Task>(), 'f')).toMatchObject({ kept: 'withheld' });
  });

  it('with trust = "pickles" they come by themselves', async () => {
    await open('trust = "pickles"');
    const made = await run('def f(): return 1');
    expect(named(made, 'f')).toMatchObject({ kept: null, reason: null, format: 'pickle' });
  });

  it('what is damaged there is said, and the rest comes', async () => {
    await open('trust = "outputs"');
    const damage = ['a, b = "x" * 5000, "y" * 5000', 'print("made")'].join('\n');
    const made = await run(damage);
    const folder = join(root('near'), 'runs', made.id, 'attempts/0/results');
    const file = named(made, 'a')?.files[0]?.path ?? '';
    const name = file.slice(dirname(file).length + 1);
    writeFileSync(join(folder, name), 'z'.repeat(5002));
    rmSync(file);
    const answer = await bring(made.id, { name: 'a' });
    expect(answer.statusCode).toBe(410);
    expect(answer.json<Refusal>().error.message).toContain('is not what the worker wrote');
    expect((await bring(made.id, { name: 'b' })).statusCode).toBe(200);
    expect(existsSync(file)).toBe(false);
  });

  it('is asked once about a target without `trust`, and the answer is kept with its comments', async () => {
    await open('# mine');
    const asks = async (): Promise<unknown[]> => {
      const { targets } = (await stand.app.inject({ url: '/api/targets' })).json<{
        targets: { name: string; trust: string; asksTrust: boolean }[];
      }>();
      return targets.map(({ name, trust, asksTrust }) => [name, trust, asksTrust]);
    };
    expect(await asks()).toEqual([
      ['here', 'pickles', false],
      ['near', 'none', true],
      ['far', 'none', true]
    ]);
    const kit = await stand.app.inject({ url: '/api/capture-kit?target=near' });
    expect(kit.json()).toMatchObject({ target: 'near', asksTrust: true });
    const answer = await stand.app.inject({
      method: 'POST',
      url: '/api/trust/near',
      payload: { trust: 'pickles' }
    });
    const path = join(stand.directory, 'config.toml');
    expect(answer.json()).toEqual({ target: 'near', trust: 'pickles', path });
    const text = readFileSync(path, 'utf8');
    expect(text.match(/# mine/g)).toHaveLength(2);
    expect(text.match(/trust = "pickles"/g)).toHaveLength(1);
    expect((await asks())[1]).toEqual(['near', 'pickles', false]);
    const here = await stand.app.inject({
      method: 'POST',
      url: '/api/trust/here',
      payload: { trust: 'none' }
    });
    expect(here.statusCode).toBe(400);
  });

  it('nobody to ask: nothing waits', async () => {
    await open('');
    const { phase, variables } = await run('x = 1\nprint("ran")');
    expect([phase, variables.map(({ name }) => name)]).toEqual(['completed', ['x']]);
    expect(printed(await stand.follow((await run('print("ran")')).id))).toBe('ran\n');
  });
});
