import { isFull, roomProblem } from '../room';
import { TransferProgress } from '../transfer-progress';

describe('TransferProgress', () => {
  it('tells bytes and rate, at most four times a second', () => {
    const told: string[] = [];
    let nowMs = 0;
    const progress = new TransferProgress({
      verb: 'sending',
      totalBytes: 340e6,
      tell: words => told.push(words),
      nowMs: () => nowMs
    });
    for (; nowMs <= 1000; nowMs += 50) {
      progress.add(1e6);
    }
    expect(told).toEqual([
      'sending 1.0 of 340 MB',
      'sending 6.0 of 340 MB',
      'sending 11 of 340 MB, 22 MB/s',
      'sending 16 of 340 MB, 21 MB/s',
      'sending 21 of 340 MB, 21 MB/s'
    ]);
  });

  it('counts what an earlier try brought, but not as speed', () => {
    const told: string[] = [];
    const options = { verb: 'sending', totalBytes: 20e6, doneBytes: 15e6, nowMs: () => 0 };
    new TransferProgress({ ...options, tell: words => told.push(words) }).add(1e6);
    expect(told).toEqual(['sending 16 of 20 MB']);
  });
});

describe('room', () => {
  it('is too little, enough, or not known', () => {
    expect(roomProblem(1e9, 5e8)).toBe('only 500.0 MB are free there');
    expect(roomProblem(1e8, 5e8)).toBeNull();
    expect(roomProblem(1e12, null)).toBeNull();
  });

  it('is told by the words of the system', () => {
    expect(isFull('tar: x: Cannot write: No space left on device')).toBe(true);
    expect(isFull('cat: write error: Disk quota exceeded')).toBe(true);
    expect(isFull('tar: x: Cannot open: Permission denied')).toBe(false);
  });
});
