import type { Definitions } from './definitions-of';
import { Distributions } from './distributions';
import { type IFactsCache, MemoryFactsCache } from './facts-cache';

/** What captures learn that later ones need not find out again; for the life of a service. */
export class CaptureMemory {
  readonly facts: IFactsCache = new MemoryFactsCache();
  readonly definitions = new Map<string, Definitions>();
  readonly distributions = new Distributions();
}
