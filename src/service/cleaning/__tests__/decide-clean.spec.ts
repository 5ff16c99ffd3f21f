import { decideClean, type CleanQuestion, type RunKnowledge } from '../decide-clean';
import type { Inventory } from '../inventory-script';

const DAY = 86_400;
const NOW = 1000 * DAY;
const GB = 1e9;

const item = (place: string, ageDays: number, bytes = GB) => ({
  place,
  bytes,
  changedAt: NOW - ageDays * DAY
});

function inventoryOf(items: Inventory['items'], more: Partial<Inventory> = {}): Inventory {
  return {
    root: '/r',
    now: NOW,
    items,
    open: new Set(),
    used: new Set(),
    queued: new Set(),
    ...more
  };
}

const over: RunKnowledge = { isLive: false, isPinned: false };

function decide(inventory: Inventory, more: Partial<CleanQuestion> = {}) {
  const { removed, kept, asks, bytesAfter } = decideClean({
    inventory,
    limits: { olderThanSeconds: 7 * DAY, maxBytes: 5 * GB },
    knows: () => over,
    evenRuns: new Set(),
    worker: 'worker/now',
    ...more
  });
  const places = (list: { place: string }[]): string[] => list.map(({ place }) => place).sort();
  return { removed: places(removed), kept: places(kept), asks: places(asks), bytesAfter };
}

it('takes what was not used for the time, and keeps what was', () => {
  const items = [item('blobs/old', 8), item('blobs/new', 6), item('snapshots/old', 30)];
  expect(decide(inventoryOf(items))).toMatchObject({
    removed: ['blobs/old', 'snapshots/old'],
    kept: ['blobs/new'],
    asks: []
  });
});

it('takes the oldest until no more is left than may be, but nothing of the last day', () => {
  const items = [1, 2, 3, 4, 0.5].map(age => item(`blobs/${age}`, age, 2 * GB));
  expect(decide(inventoryOf(items))).toMatchObject({
    removed: ['blobs/2', 'blobs/3', 'blobs/4'],
    bytesAfter: 4 * GB
  });
  const fresh = [0.1, 0.2, 0.3].map(age => item(`blobs/${age}`, age, 9 * GB));
  expect(decide(inventoryOf(fresh)).removed).toEqual([]);
});

it('never takes what a task that has not ended needs, whatever its age', () => {
  const items = [
    item('blobs/a', 99),
    item('snapshots/b', 99),
    item('worker/c', 99),
    item('runs/sl-d', 99)
  ];
  const used = new Set(['blobs/a', 'snapshots/b', 'worker/c', 'runs/sl-d']);
  expect(decide(inventoryOf(items, { used })).removed).toEqual([]);
});

it('never takes the worker of this version', () => {
  const items = [item('worker/now', 99), item('worker/then', 99)];
  expect(decide(inventoryOf(items))).toMatchObject({
    removed: ['worker/then'],
    kept: ['worker/now']
  });
});

describe('a run', () => {
  const items = [item('runs/sl-a', 99)];

  it('of a live task of ours stays', () => {
    const knows = () => ({ isLive: true, isPinned: false });
    expect(decide(inventoryOf(items), { knows }).kept).toEqual(['runs/sl-a']);
  });

  it('of a task that is over goes, also one that died without an end record', () => {
    expect(decide(inventoryOf(items, { open: new Set(['sl-a']) })).removed).toEqual(['runs/sl-a']);
  });

  it('that Slurm still has in its queue stays, whoever it belongs to', () => {
    const inventory = inventoryOf(items, { queued: new Set(['sl-a']) });
    expect(decide(inventory, { knows: () => null }).kept).toEqual(['runs/sl-a']);
  });

  it('of somebody else without an end record stays where no queue can tell', () => {
    const inventory = inventoryOf(items, { open: new Set(['sl-a']), queued: null });
    const evenRuns = new Set(['sl-a']);
    expect(decide(inventory, { knows: () => null, evenRuns }).kept).toEqual(['runs/sl-a']);
    const asked = { ...inventory, queued: new Set<string>() };
    expect(decide(asked, { knows: () => null, evenRuns }).removed).toEqual(['runs/sl-a']);
  });

  it('with files that nobody fetched or dismissed asks first', () => {
    const knows = () => ({ isLive: false, isPinned: true });
    expect(decide(inventoryOf(items), { knows })).toMatchObject({
      asks: ['runs/sl-a'],
      removed: []
    });
    const evenRuns = new Set(['sl-a']);
    expect(decide(inventoryOf(items), { knows, evenRuns }).removed).toEqual(['runs/sl-a']);
  });

  it('that this machine does not know asks first', () => {
    expect(decide(inventoryOf(items), { knows: () => null }).asks).toEqual(['runs/sl-a']);
  });
});

it('takes what cut uploads left, after a day', () => {
  const items = [item('incoming/x', 2), item('incoming/y', 0.5), item('trash/z', 1)];
  expect(decide(inventoryOf(items))).toMatchObject({
    removed: ['incoming/x', 'trash/z'],
    kept: ['incoming/y']
  });
});

it('a clock that runs ahead there makes nothing old', () => {
  expect(decide(inventoryOf([item('blobs/a', -1)])).kept).toEqual(['blobs/a']);
});
