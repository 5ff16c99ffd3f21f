import { damagedPlaces } from '../damaged-places';

const HASH = 'a'.repeat(64);

describe('damagedPlaces', () => {
  it('reads what a worker refused', () => {
    const evalue = `a.py is missing; run the cell again, then /root/snapshots/${HASH} is sent anew`;
    expect(damagedPlaces({ ename: 'SnapshotError', evalue })).toEqual([`snapshots/${HASH}`]);
    const value = `the variable x is damaged: /root/blobs/${HASH}`;
    expect(damagedPlaces({ ename: 'ValueUnreadable', evalue: value })).toEqual([`blobs/${HASH}`]);
  });

  it("takes no cell's own words for it", () => {
    const evalue = `/root/blobs/${HASH}`;
    expect(damagedPlaces({ ename: 'ValueError', evalue })).toEqual([]);
    expect(damagedPlaces(null)).toEqual([]);
  });
});
