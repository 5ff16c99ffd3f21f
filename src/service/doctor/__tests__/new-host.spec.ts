import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { down, readEnvironment, up } from '../../../../testbed/control';
import { makeScratch } from '../../../../testbed/__tests__/scratch';
import type { DoctorReport } from '../../../shared/wire/doctor';
import type { Targets } from '../../../shared/wire/service';
import { ServiceStand } from '../../../testing/service-stand';

jest.setTimeout(60_000);

const scratch = makeScratch();
const bed = join(scratch.dir, 'bed');
const report = (): void => undefined;
const ownHome = process.env['HOME'];
let stand: ServiceStand;

beforeAll(async () => {
  await up({ dir: bed, nodeCount: 1, report });
  const environment = await readEnvironment(bed);
  const home = join(scratch.dir, 'home');
  mkdirSync(join(home, '.ssh'), { recursive: true, mode: 0o700 });
  const client = readFileSync(join(bed, 'ssh/config'), 'utf8');
  writeFileSync(join(home, '.ssh/config'), client, { mode: 0o600 });
  process.env['HOME'] = home;
  stand = await ServiceStand.open('# mine\n', { ...environment, SLUICE_NETWORK_NAME: '' });
});

afterAll(async () => {
  process.env['HOME'] = ownHome;
  await stand.close();
  await down(bed, { report, remove: true });
  scratch.remove();
});

it('a host of the SSH configuration is looked at as a target, and becomes one', async () => {
  const ask = async (url: string, payload?: object): Promise<DoctorReport> => {
    const method = payload === undefined ? 'GET' : 'POST';
    return (await stand.app.inject({ method, url, payload })).json<DoctorReport>();
  };
  const request = { target: 'sluice-testbed', withoutJob: true };
  let now = await ask('/api/doctor', request);
  while (now.state === 'running') {
    now = await ask(`/api/doctor/${now.id}?after=${now.version}&waitMs=20000`);
  }
  expect(now.state).toBe('passed');
  expect(now.proposal).toMatchObject({ name: 'sluice-testbed' });
  expect(parse(now.proposal?.toml ?? '')).toMatchObject({
    targets: { 'sluice-testbed': { host: 'sluice-testbed', partition: 'main' } }
  });
  const saved = await ask(`/api/doctor/${now.id}/save`, { name: 'mybed' });
  expect(readFileSync(saved.savedTo ?? '', 'utf8')).toMatch(/^# mine\n\n\[targets\.mybed\]\n/);
  const { targets, aliases } = (await stand.app.inject({ url: '/api/targets' })).json<Targets>();
  expect(aliases).toMatchObject([{ alias: 'sluice-testbed', hostName: '127.0.0.1' }]);
  const mine = targets.find(({ name }) => name === 'mybed');
  expect(mine).toMatchObject({
    host: 'sluice-testbed',
    connection: { state: 'connected' },
    resources: { partition: 'main' }
  });
  expect(mine?.limits?.partitions).toHaveLength(3);
});
