import type { Logger } from 'pino';
import type { TargetBook } from '../targets/target-book';
import type { HostAddress } from './hosts';
import type { SiteBook } from './site-book';

type Sources = { sites: SiteBook; targets: TargetBook; log: Logger };

/** The least time between two questions to a host's scheduler: the larger of what person and site want. */
export async function pollFloorMs(address: HostAddress, sources: Sources): Promise<number> {
  const { sites, targets, log } = sources;
  const { pollSeconds } = await sites.settled(address);
  const ownMs = await targets.pollFloorMs(address).catch((error: unknown) => {
    // A file that is being edited shall not end the watch over jobs that run.
    log.warn({ err: error }, 'the configuration cannot be read');
    return 0;
  });
  return Math.max(ownMs, (pollSeconds ?? 0) * 1000);
}
