import { Distributions } from './distributions';
import { type IFactsCache, MemoryFactsCache } from './facts-cache';

/** What captures learn that later ones need not find out again; for the life of a service. */
export class CaptureMemory {
  readonly facts: IFactsCache = new MemoryFactsCache();
  readonly distributions = new Distributions();
}
