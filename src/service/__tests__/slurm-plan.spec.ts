import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  down,
  dropConnections,
  endPart,
  readEnvironment,
  slurm,
  startPart,
  up
} from '../../../testbed/control';
import { makeScratch } from '../../../testbed/__tests__/scratch';
import { planSchema, type Plan } from '../../shared/wire/plan';
import type { PlanInput } from '../../shared/wire/submit';
import { ServiceStand } from '../../testing/service-stand';

jest.setTimeout(120_000);

const DAY_MS = 24 * 3_600_000;
const scratch = makeScratch();
const bed = join(scratch.dir, 'bed');
const report = (): void => undefined;
let stand: ServiceStand;

beforeAll(async () => {
  await up({ dir: bed, nodeCount: 2, report });
  const environment = await readEnvironment(bed);
  stand = await ServiceStand.open(
    readFileSync(environment['SLUICE_CONFIG'] ?? '', 'utf8'),
    environment
  );
});

afterAll(async () => {
  await stand.close();
  await down(bed, { report, remove: true });
  scratch.remove();
});

const plan = async (source: string, change: Partial<PlanInput> = {}): Promise<Plan> => {
  const payload = { ...stand.cell(source), projectDir: scratch.dir, ...change };
  const answer = await stand.app.inject({ method: 'POST', url: '/api/plan', payload });
  expect(answer.statusCode).toBe(200);
  return planSchema.parse(answer.json());
};

describe('a dry run against a real Slurm', () => {
  it('tells the start, and the earlier start of a shorter job', async () => {
    const reservation = ['ReservationName=upkeep', 'StartTime=now+2hours', 'Duration=24:00:00'];
    const rest = ['Users=root', 'Nodes=ALL', 'Flags=MAINT,IGNORE_JOBS'];
    await slurm(bed, 'scontrol', ['create', 'reservation', ...reservation, ...rest]);
    const { submit } = await plan('1', { resources: { time: '4:00:00', cpus: 1 } });
    await slurm(bed, 'scontrol', ['delete', 'ReservationName=upkeep']);
    expect(submit).toMatchObject({
      accepted: true,
      message: null,
      smaller: { resources: { time: '1:00:00', cpus: 1 } }
    });
    const [asked, smaller] = [submit?.estimatedStart, submit?.smaller?.estimatedStart];
    expect(Date.parse(asked ?? '') - Date.parse(smaller ?? '')).toBeGreaterThan(DAY_MS);
    const free = await plan('1', { resources: { time: '4:00:00' } });
    expect(free.submit?.smaller).toBeNull();
  });

  it('gives a refusal in Slurm’s words, and the shape that would be taken', async () => {
    const { submit } = await plan('1', { resources: { cpus: 16, memory: '4G', time: '10' } });
    expect(submit).toMatchObject({
      accepted: false,
      estimatedStart: null,
      message: expect.stringContaining('Requested node configuration is not available') as string,
      smaller: { resources: { cpus: 4, memory: '1024M', time: '10' } }
    });
  });

  it('creates nothing there, and tells what is there already', async () => {
    writeFileSync(join(scratch.dir, 'own_module.py'), 'x = 1\n');
    const root = join(bed, 'cluster');
    const before = await plan('import own_module');
    expect(before.modules.map(({ module }) => module)).toEqual(['own_module']);
    expect(before.transfer).toEqual({ files: 1, bytes: 6 });
    expect(before.notes).toEqual([]);
    expect(readdirSync(root)).toEqual([]);
    const request = stand.cell('import own_module', { projectDir: scratch.dir });
    const { id } = await stand.submit(request);
    expect((await stand.follow(id)).task.phase).toBe('completed');
    const after = await plan('import own_module');
    expect(after.manifest).toBe(before.manifest);
    expect(after.notes).toEqual([
      { kind: 'name', name: 'testbed', text: 'all is there already and is not sent again' }
    ]);
  });

  it('marks as unknown what only a kernel could tell of a saved notebook', async () => {
    const cellsAbove = [
      'import own_module as own',
      'rows = own.load()\ndef f(a):\n  return a + one'
    ];
    const { modules, variables, notes } = await plan('f(rows)', {
      notebook: { cellsAbove },
      brief: true
    });
    expect(modules).toEqual([]);
    expect(variables.map(({ name, type, format }) => `${name} ${type} ${format}`)).toEqual([
      'f function unknown',
      'rows unknown unknown',
      'one unknown unknown'
    ]);
    expect(variables[0]?.why).toBe('read by the cell; defined in cell 2');
    expect(notes.map(({ name }) => name)).toEqual(['Python']);
    const other = await plan('own.x', { notebook: { cellsAbove }, brief: true });
    expect(other.modules.map(({ module }) => module)).toEqual(['own_module']);
    expect(other.variables).toEqual([]);
  });

  it('tells of a Python that would not do', async () => {
    const config = readFileSync((await readEnvironment(bed))['SLUICE_CONFIG'] ?? '', 'utf8');
    const bare = config.replaceAll(/python = .*/g, 'python = "/nowhere/python"');
    const other = await ServiceStand.open(bare, await readEnvironment(bed));
    const answer = await other.app.inject({
      method: 'POST',
      url: '/api/plan',
      payload: other.cell('1')
    });
    await other.close();
    expect(answer.json<Plan>().leftOut).toEqual([
      {
        kind: 'package',
        name: 'python',
        reason: expect.stringContaining('/nowhere/python') as string
      }
    ]);
  });

  it('looks there for absolute paths that are not here', async () => {
    const place = join(scratch.dir, 'only there');
    const config = readFileSync((await readEnvironment(bed))['SLUICE_CONFIG'] ?? '', 'utf8');
    // The testbed has this machine's disk: the path comes to be while the host is asked.
    const line = JSON.stringify([`mkdir -p '${place}'`]);
    const made = config.replaceAll(/python = .*/g, text => `${text}\nsetup = ${line}`);
    const other = await ServiceStand.open(made, await readEnvironment(bed));
    const source = `a = open('${place}')\nb = open('/nowhere/data')`;
    const projectDir = join(scratch.dir, 'project');
    mkdirSync(projectDir);
    const payload = other.cell(source, { projectDir });
    const answer = await other.app.inject({ method: 'POST', url: '/api/plan', payload });
    await other.close();
    expect(answer.json<Plan>().notes).toEqual([
      {
        kind: 'file',
        name: '/nowhere/data',
        text: expect.stringContaining('neither here nor on testbed') as string
      },
      { kind: 'file', name: place, text: 'found there, on testbed' }
    ]);
  });

  it('notes the same of a run', async () => {
    const source = "def later():\n    return open('/nowhere/data')";
    const { id } = await stand.submit(stand.cell(source, { projectDir: scratch.dir }));
    const { task } = await stand.follow(id);
    expect(task.phase).toBe('completed');
    expect(task.notes.map(({ name }) => name)).toEqual(['/nowhere/data']);
  });

  it('says of a host that cannot be asked that it could not be', async () => {
    await endPart(bed, 'sshd');
    await dropConnections(bed);
    const { submit, notes } = await plan('1');
    const brief = await plan('1', { brief: true });
    await startPart(bed, 'sshd');
    expect(submit).toBeNull();
    expect(notes).toEqual([
      {
        kind: 'name',
        name: 'testbed',
        text: expect.stringMatching(/^could not be asked: /) as string
      }
    ]);
    expect(brief).toMatchObject({ submit: null, notes: [] });
  });
});
