import { nullTranslator } from '@jupyterlab/translation';
import { SluiceError } from '../../../shared/errors';
import type { HomeVariable } from '../../../shared/wire/task';
import { FakeService } from '../../__tests__/fake-service';
import { makeTask } from '../../__tests__/make-task';
import { type BindValues, ValueBringer } from '../value-bringer';

const large: HomeVariable = {
  name: 'big',
  type: 'Tensor',
  bytes: 2_100_000_000,
  format: 'npy',
  files: [],
  reason: 'large',
  kept: 'large'
};
const withheld: HomeVariable = { ...large, name: 'model', kept: 'withheld', format: 'pickle' };

function open(given: { isAgreed?: boolean; bind?: BindValues | null } = {}) {
  const { isAgreed = true, bind = jest.fn(async () => []) } = given;
  const service = new FakeService();
  const told: string[] = [];
  const begin = (words: string) => {
    told.push(words);
    return {
      end: (end: string) => told.push(`end: ${end}`),
      fail: (end: string) => told.push(`fail: ${end}`)
    };
  };
  const confirm = jest.fn(async () => isAgreed);
  const trans = nullTranslator.load('x');
  const bringer = new ValueBringer({ service, trans, confirm, begin, kernelOf: () => bind });
  return { service, told, confirm, bind, bringer };
}

test('a large value is fetched without a question, and bound', async () => {
  const { service, told, confirm, bind, bringer } = open();
  await bringer.bring(makeTask(), large);
  expect(service.valuesAsked).toEqual([{ id: 'task-1', name: 'big', load: false }]);
  expect(bind).toHaveBeenCalledWith([expect.objectContaining({ name: 'big', reason: null })]);
  expect(confirm).not.toHaveBeenCalled();
  expect(told).toEqual([
    'Fetching “big” (2.1 GB) from testbed…',
    'end: “big” is in the kernel now.'
  ]);
});

test('a pickle is loaded only after a word on what that means', async () => {
  const agreed = open();
  await agreed.bringer.bring(makeTask(), withheld);
  expect(agreed.confirm).toHaveBeenCalledWith(
    expect.objectContaining({
      body: expect.stringContaining('can run any code on this computer') as string
    })
  );
  expect(agreed.service.valuesAsked).toEqual([{ id: 'task-1', name: 'model', load: true }]);
  const refused = open({ isAgreed: false });
  await refused.bringer.bring(makeTask(), withheld);
  expect([refused.service.valuesAsked, refused.told]).toEqual([[], []]);
});

test('a name that was changed here, a value that is gone and a closed notebook are told', async () => {
  const changed = open({ bind: async () => ['“big” was changed here; it is “big_slurm”.'] });
  await changed.bringer.bring(makeTask(), large);
  expect(changed.told[1]).toBe('fail: “big” was changed here; it is “big_slurm”.');
  const gone = open();
  gone.service.failure = new SluiceError('value-gone', { name: 'big', problem: 'no such file' });
  await gone.bringer.bring(makeTask(), large);
  expect(gone.told[1]).toContain('no such file');
  const closed = open({ bind: null });
  await closed.bringer.bring(makeTask(), large);
  expect(closed.told[1]).toContain('Open the notebook');
  expect(closed.service.valuesAsked).toEqual([]);
});
