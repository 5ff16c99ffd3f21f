import { SluiceError } from '../../../shared/errors';
import type { Connection } from '../../../shared/wire/connection';
import { FakeClock } from '../../__tests__/fake-clock';
import { FakeService } from '../../__tests__/fake-service';
import { makeConnection } from '../../__tests__/make-answers';
import { TaskStore } from '../../tasks/task-store';
import { Ticker } from '../../tasks/ticker';
import { Logins } from '../logins';

function makeLogins() {
  const service = new FakeService();
  const store = new TaskStore(service, new Ticker(new FakeClock()));
  const logins = new Logins(service, store);
  const changed: string[] = [];
  logins.changed.connect((_, target) => changed.push(target));
  const setConnection = async (state: Connection['state']): Promise<void> => {
    service.answerTargets = ({ targets, ...rest }) => ({
      ...rest,
      targets: targets.map(target =>
        target.name === 'testbed' ? { ...target, connection: makeConnection({ state }) } : target
      )
    });
    await store.refresh();
  };
  return { service, logins, changed, setConnection };
}

test('logs in with the targets of the project, once however often it is asked', async () => {
  const { service, logins } = makeLogins();
  const both = [logins.logIn('testbed', '/home/me/work'), logins.logIn('testbed', null)];
  expect(logins.progressOf('testbed')).toEqual({ kind: 'connecting' });
  await expect(Promise.all(both)).resolves.toEqual([true, true]);
  expect(service.logins).toEqual(['testbed']);
  expect(service.loginOptions).toEqual([{ projectDir: '/home/me/work' }]);
  expect(logins.progressOf('testbed')).toBeNull();
});

test('keeps why a login failed', async () => {
  const { service, logins } = makeLogins();
  service.answerLogin = async () => {
    throw new SluiceError('login-canceled', { host: 'testbed' });
  };
  await expect(logins.logIn('testbed', null)).resolves.toBe(false);
  expect(logins.progressOf('testbed')).toMatchObject({ problem: { code: 'login-canceled' } });
});

test('a host that asks is told, whoever began the login', async () => {
  const { logins, changed, setConnection } = makeLogins();
  await setConnection('asking');
  expect([logins.progressOf('testbed'), logins.progressOf('stranger')]).toEqual([
    { kind: 'asking' },
    null
  ]);
  await setConnection('asking');
  await setConnection('connected');
  expect(logins.progressOf('testbed')).toBeNull();
  expect(changed).toEqual(['testbed', 'testbed']);
});
