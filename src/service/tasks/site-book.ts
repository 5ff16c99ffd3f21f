import type { Logger } from 'pino';
import {
  noSiteRules,
  parseSiteRules,
  SITE_RULES_PATH,
  type SiteRules
} from '../targets/site-rules';
import type { ITransport } from '../transports/transport';
import { type HostAddress, Hosts } from './hosts';

const TIMEOUT_MS = 60_000;
const LARGEST_BYTES = 65_536;
/** Says nothing where there is no file: most clusters have none. */
const readText = (path: string): string =>
  `if [ -r ${path} ]; then head -c ${LARGEST_BYTES} ${path}; fi`;

/** What the administrators of each cluster cap, read there once after each connect. */
export class SiteBook {
  private readonly known = new Map<string, SiteRules>();
  private readonly readings = new Map<string, Promise<void>>();

  constructor(
    private readonly log: Logger,
    private readonly path = SITE_RULES_PATH
  ) {}

  /** What was read last; nothing before. */
  rules(address: HostAddress): SiteRules {
    return this.known.get(Hosts.key(address)) ?? noSiteRules;
  }

  /** Read them each time that the host is connected; in the background, so that nothing waits. */
  attend(address: HostAddress, transport: ITransport): void {
    const key = Hosts.key(address);
    let wasConnected = false;
    const look = (): void => {
      const isConnected = transport.connection.state === 'connected';
      if (isConnected && !wasConnected) {
        this.readings.set(key, this.read(key, transport));
      }
      wasConnected = isConnected;
    };
    transport.onConnection(look);
    look();
  }

  /** Resolves once what is being read is known. */
  async settled(address: HostAddress): Promise<SiteRules> {
    await this.readings.get(Hosts.key(address));
    return this.rules(address);
  }

  private async read(key: string, transport: ITransport): Promise<void> {
    const { host } = transport;
    try {
      const action = 'read what the site allows';
      const { stdout } = await transport.run(readText(this.path), {
        action,
        timeoutMs: TIMEOUT_MS
      });
      const { rules, problem } = parseSiteRules(stdout.toString());
      this.known.set(key, rules);
      if (problem !== null) {
        this.log.warn({ host, path: this.path, problem }, 'the rules of the site are broken');
      }
    } catch (error) {
      // What was read before still holds; the next connect reads anew.
      this.log.warn({ host, err: error }, 'the rules of the site could not be read');
    }
  }
}
