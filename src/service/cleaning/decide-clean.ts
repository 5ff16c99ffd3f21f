import type { CleanReport } from '../../shared/wire/clean';
import type { Inventory, InventoryItem } from './inventory-script';

/** What the service knows of a run; null: another service's, of which nothing is known here. */
export type RunKnowledge = {
  isLive: boolean;
  /** It wrote files that nobody fetched or dismissed. */
  isPinned: boolean;
  /** It keeps values that are too large to come by themselves, and that nobody has fetched. */
  keepsValues?: boolean;
} | null;

export type CleanLimits = { olderThanSeconds: number; maxBytes: number };

export type CleanQuestion = {
  inventory: Inventory;
  limits: CleanLimits;
  knows: (run: string) => RunKnowledge;
  /** Runs whose unfetched files may go. */
  evenRuns: ReadonlySet<string>;
  /** The worker that the next task would use. */
  worker: string;
};

export type CleanDecision = Pick<
  CleanReport,
  'removed' | 'kept' | 'asks' | 'bytesBefore' | 'bytesAfter'
>;

/** What a service on another machine may be about to use: younger things never go for size. */
const FRESH_SECONDS = 24 * 3600;
/** Uploads that were cut are resumed for so long. */
const LEFTOVER_SECONDS = 24 * 3600;
/** Without an end record and unknown to the queue for so long, a run is over. */
const DEAD_SECONDS = 2 * 24 * 3600;

const isLeftover = (place: string): boolean => /^(?:incoming|trash|doctor)\//.test(place);

/** Why an entry must stay whatever its age; null: it may go. */
function holdOf({ place }: InventoryItem, age: number, question: CleanQuestion): string | null {
  const { inventory, worker, knows } = question;
  if (place === worker) {
    return 'the worker of this version of Sluice';
  }
  if (inventory.used.has(place)) {
    return 'a task that has not ended needs it';
  }
  const [kind, name = ''] = place.split('/');
  if (kind !== 'runs') {
    return null;
  }
  const known = knows(name);
  if (known?.isLive === true || inventory.queued?.has(name) === true) {
    return 'its task has not ended';
  }
  const isSilent = inventory.queued !== null && age >= DEAD_SECONDS;
  return known === null && inventory.open.has(name) && !isSilent
    ? 'it is not known that its task has ended'
    : null;
}

/** Why a person is asked before it goes; null: nobody need be. */
function askOf({ place }: InventoryItem, { knows, evenRuns }: CleanQuestion): string | null {
  const [kind, name = ''] = place.split('/');
  if (kind !== 'runs' || evenRuns.has(name)) {
    return null;
  }
  const known = knows(name);
  if (known === null) {
    return 'a task that this machine does not know; its files may not have been fetched';
  }
  if (known.isPinned) {
    return 'it wrote files that were neither fetched nor dismissed';
  }
  return known.keepsValues === true ? 'it keeps values that later cells may use' : null;
}

const days = (seconds: number): string => {
  const count = Math.floor(seconds / 86_400);
  return count === 1 ? '1 day' : `${count} days`;
};

/**
 * What goes and what stays. Old things go; when what is left is still too much, the oldest go until
 * it is not. What a live task needs never goes, and what nobody has fetched asks first.
 */
export function decideClean(question: CleanQuestion): CleanDecision {
  const { inventory, limits } = question;
  const sum = (items: readonly { bytes: number }[]): number =>
    items.reduce((total, { bytes }) => total + bytes, 0);
  const decision: CleanDecision = {
    removed: [],
    kept: [],
    asks: [],
    bytesBefore: sum(inventory.items),
    bytesAfter: sum(inventory.items)
  };
  const oldestFirst = [...inventory.items].sort((a, b) => a.changedAt - b.changedAt);
  for (const item of oldestFirst) {
    const ageSeconds = Math.max(0, inventory.now - item.changedAt);
    const entry = (why: string) => ({ place: item.place, bytes: item.bytes, ageSeconds, why });
    const wish = wishOf(item, ageSeconds, limits, decision.bytesAfter);
    const hold = holdOf(item, ageSeconds, question);
    const ask = hold === null ? askOf(item, question) : null;
    if (wish === null) {
      decision.kept.push(entry(hold ?? 'used within the time that things are kept'));
    } else if (hold !== null) {
      decision.kept.push(entry(hold));
    } else if (ask !== null) {
      decision.asks.push(entry(ask));
    } else {
      decision.removed.push(entry(wish));
      decision.bytesAfter -= item.bytes;
    }
  }
  return decision;
}

/** Why an entry should go, as far as age and size tell; null: it need not. */
function wishOf(
  { place }: InventoryItem,
  age: number,
  { olderThanSeconds, maxBytes }: CleanLimits,
  bytesLeft: number
): string | null {
  if (isLeftover(place)) {
    return age >= Math.min(LEFTOVER_SECONDS, olderThanSeconds)
      ? 'left over from a cut upload'
      : null;
  }
  if (age >= olderThanSeconds) {
    return `not used for ${days(age)}`;
  }
  const isFresh = age < Math.min(FRESH_SECONDS, olderThanSeconds);
  return bytesLeft > maxBytes && !isFresh ? 'the oldest, and there is more than may be kept' : null;
}
