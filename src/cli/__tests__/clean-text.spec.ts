import type { CleanReport } from '../../shared/wire/clean';
import { cleanText } from '../print/clean-text';

const item = (place: string) => ({
  place,
  bytes: 2e6,
  ageSeconds: 9 * 86_400,
  why: 'not used for 9 days'
});

const report: CleanReport = {
  root: '/home/me/.sluice',
  dryRun: true,
  removed: [item('blobs/ab')],
  kept: [item('worker/now')],
  asks: [item('runs/sl-abc')],
  bytesBefore: 6e6,
  bytesAfter: 4e6
};

it('says what would go, why, and how to let go of what asks', () => {
  expect(cleanText(report, 'curnagl')).toBe(
    [
      '          WHAT         SIZE    AGE  WHY',
      'would go  blobs/ab     2.0 MB  9 d  not used for 9 days',
      'asks      runs/sl-abc  2.0 MB  9 d  not used for 9 days',
      'stays     worker/now   2.0 MB  9 d  not used for 9 days',
      '/home/me/.sluice on curnagl: 2.0 MB of 6.0 MB would be freed, 1 kept.',
      'What asks was neither fetched nor dismissed: see `sluice files ID`, `sluice fetch ID`, or remove it all the same with `sluice clean curnagl --even sl-abc`.',
      ''
    ].join('\n')
  );
});

it('says in one line that there was nothing to do', () => {
  const idle = { ...report, dryRun: false, removed: [], asks: [] };
  expect(cleanText(idle, 'here')).toBe('/home/me/.sluice on here: 0 B of 6.0 MB freed, 1 kept.\n');
});
