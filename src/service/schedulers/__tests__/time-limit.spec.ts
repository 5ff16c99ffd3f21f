import { noticeSeconds, slurmSeconds } from '../time-limit';

describe('a time limit in seconds', () => {
  it.each([
    ['90', 5400],
    ['1:30', 90],
    ['1:00:00', 3600],
    ['2-0', 172_800],
    ['1-12:30', 131_400],
    ['0-0:0:5', 5],
    ['UNLIMITED', Infinity]
  ])('%s is %d', (text, seconds) => {
    expect(slurmSeconds(text)).toBe(seconds);
  });
});

describe('the notice before the end', () => {
  it.each([
    ['1', 20],
    ['0:30', 10],
    ['0:01', 1],
    ['1:01', 30],
    ['5', 30],
    ['20', 120],
    ['1:00:00', 300],
    ['UNLIMITED', 120]
  ])('of a job for %s comes %d s before it', (time, seconds) => {
    expect(noticeSeconds({ time })).toBe(seconds);
  });

  it('comes two minutes before a limit that the site sets', () => {
    expect(noticeSeconds({})).toBe(120);
  });

  it('goes by the raw option where that names the time', () => {
    expect(noticeSeconds({ time: '10', sbatch: ['--time=1'] })).toBe(20);
  });

  it.each([
    ['--signal=B:USR1@90', 90],
    ['--signal=R:B:10@90', 90],
    ['--sig=B:SIGUSR1', 60],
    ['--signal=USR1@90', null],
    ['--signal=B:TERM@90', null]
  ])('is the own one of a person: %s', (option, seconds) => {
    expect(noticeSeconds({ sbatch: [option] })).toBe(seconds);
  });
});
