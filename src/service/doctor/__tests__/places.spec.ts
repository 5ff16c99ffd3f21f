import { type DiskPlace, parsePlace, parseQuotas } from '../places';

const place = (lines: string[], quota: string[] = [], isDone = true): DiskPlace | null =>
  parsePlace('home', { lines, isDone }, parseQuotas(quota));

const HOME = [
  'path /home/me',
  'there /home/me',
  'writable',
  'kind nfs',
  'space srv:/export/my homes   1000000  400000  600000      40% /home',
  'inodes srv:/export/my homes   5000  1000  4000      20% /home'
];

describe('a place', () => {
  it('has the room of its disk', () => {
    expect(place(HOME)).toEqual({
      label: 'home',
      path: '/home/me',
      exists: true,
      isWritable: true,
      kind: 'nfs',
      device: 'srv:/export/my homes',
      mount: '/home',
      totalBytes: 1_024_000_000,
      roomBytes: 614_400_000,
      quotaBytes: null,
      roomInodes: 4000,
      hasAnswered: true
    });
  });

  it.each([
    ['a hard limit', 'srv:/h  100  200  300  10  20  30', 204_800, 307_200, 20],
    ['a soft limit alone', 'srv:/h  100  200  0  10  0  0', 102_400, 204_800, 4000],
    ['more used than allowed', 'srv:/h  400*  200  300  6days  10  0  0', 0, 307_200, 4000],
    ['no limit at all', 'srv:/h  100  0  0  10  0  0', 614_400_000, null, 4000]
  ])('has what its quota leaves: %s', (_, line, roomBytes, quotaBytes, roomInodes) => {
    const heads = [
      'Disk quotas for user me (uid 1001): ',
      '     Filesystem  blocks   quota   limit   grace   files   quota   limit   grace'
    ];
    const lines = HOME.map(text => text.replace('srv:/export/my homes', 'srv:/h'));
    expect(place(lines, [...heads, line])).toMatchObject({ roomBytes, quotaBytes, roomInodes });
  });

  it('has the quota of its Lustre', () => {
    const lustre = 'lustre /scratch/me  1048576  10485760  20971520  -  5  0  0  -';
    const room = { roomBytes: 614_400_000, quotaBytes: 21_474_836_480, roomInodes: 4000 };
    expect(place([...HOME, lustre])).toMatchObject(room);
  });

  it('may have no inodes of its own, or tell nothing', () => {
    const endless = HOME.map(line => line.replace('5000  1000  4000      20%', '0 0 0 -'));
    expect(place(endless)).toMatchObject({ roomInodes: null });
    const silent = place(['path /home/me', 'there /home/me'], [], false);
    expect(silent).toMatchObject({ roomBytes: null, kind: null, hasAnswered: false });
    expect(place([])).toBeNull();
  });
});
