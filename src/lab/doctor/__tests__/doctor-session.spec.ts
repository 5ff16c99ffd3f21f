import { SluiceError } from '../../../shared/errors';
import type { DoctorReport } from '../../../shared/wire/doctor';
import { FakeClock } from '../../__tests__/fake-clock';
import { FakeService } from '../../__tests__/fake-service';
import { makeReport } from '../../__tests__/make-answers';
import { DoctorSession } from '../doctor-session';

function makeSession() {
  const service = new FakeService();
  const clock = new FakeClock();
  const place = { projectDir: () => '/home/me/work', pythonVersion: async () => '3.12.1' };
  const session = new DoctorSession({ service, clock, target: 'testbed', place });
  return { service, clock, session };
}

test('follows a check to its end, version after version', async () => {
  const { service, session } = makeSession();
  const asked: number[] = [];
  service.answerDoctor = async after => {
    asked.push(after);
    return makeReport({ version: after + 2, state: asked.length < 4 ? 'running' : 'passed' });
  };
  await session.run();
  expect(asked).toEqual([-1, 1, 3, 5]);
  expect([session.report?.state, session.isRunning]).toEqual(['passed', false]);
});

test('says where the person is at work, and with which Python', async () => {
  const { service, session } = makeSession();
  service.answerDoctor = async () => makeReport({ state: 'passed' });
  await session.run();
  expect(service.doctorsAsked).toEqual([
    { target: 'testbed', projectDir: '/home/me/work', pythonVersion: '3.12.1' }
  ]);
});

test('asks again where an answer did not come, but not for ever', async () => {
  const { service, clock, session } = makeSession();
  const down = new SluiceError('service-down', { problem: 'gone', log: 'x' });
  let asked = 0;
  service.answerDoctor = async after => {
    asked += 1;
    if (after >= 0 && asked !== 3) {
      throw down;
    }
    return makeReport({ version: asked });
  };
  let isOver = false;
  const run = session.run().finally(() => (isOver = true));
  while (!isOver) {
    // Lets the session come to its pause, then ends that.
    await Promise.resolve();
    clock.advance(2000);
  }
  await run;
  expect(asked).toBe(8);
  expect(session.problem?.code).toBe('service-down');
});

test('says why a check could not begin', async () => {
  const { service, session } = makeSession();
  service.failure = new SluiceError('target-unknown', { target: 'testbed' });
  await session.run();
  expect([session.report, session.problem?.code]).toEqual([null, 'target-unknown']);
});

test('cancels, and an older answer that comes later changes nothing', async () => {
  const { service, session } = makeSession();
  let answer: (report: DoctorReport) => void = () => undefined;
  service.answerDoctor = async after =>
    after < 0 ? makeReport() : new Promise(resolve => (answer = resolve));
  const begun = new Promise<void>(resolve =>
    session.changed.connect(() => session.report && resolve())
  );
  const run = session.run();
  await begun;
  await session.cancel();
  expect(service.doctorsCanceled).toEqual(['doctor-1']);
  answer(makeReport({ version: 2 }));
  await run;
  expect(session.report?.state).toBe('canceled');
});

test('writes down what is proposed', async () => {
  const { service, session } = makeSession();
  service.answerDoctor = async () => makeReport({ state: 'passed' });
  await session.run();
  await session.save('curnagl');
  expect(service.saved).toEqual(['curnagl']);
  expect(session.report?.savedTo).toBe('/home/me/config.toml');
  service.failure = new SluiceError('config-invalid', { path: 'x', problem: 'y' });
  await session.save('curnagl');
  expect([session.problem?.code, session.isSaving]).toEqual(['config-invalid', false]);
});
