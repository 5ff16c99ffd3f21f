import type { Response } from 'undici';
import { ClientError } from '../../client/client-error';
import type { IClient } from '../../client/client';
import { SluiceError } from '../../shared/errors';
import type { Health } from '../../shared/wire/service';
import { logPathOf, type Place } from './place';
import { readSocketPath } from './read-socket-path';
import { startService } from './start-service';
import { openUnixClient, type UnixClient } from './unix-client';

export type ServiceAccessOptions = {
  place: Place;
  /** The program that knows `serve`. */
  entry: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** Of this program: an older service is asked to leave. */
  version: string;
  protocol: number;
  /** A person can be asked here what a login asks. */
  isAttended?: boolean;
  delay: (ms: number) => Promise<void>;
  startTimeoutMs?: number;
};

const ROUNDS = 3;
const START_TIMEOUT_MS = 30_000;
const LOOK_EVERY_MS = 50;
const LEAVE_LOOKS = 900;
/** Before each further try after the service died or was leaving. */
const RETRY_PAUSES_MS = [50, 200, 500, 1000, 2000] as const;

type Found = { unix: UnixClient; health: Health };

/** Negative when `a` is the older version. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map(version =>
    (version.match(/\d+/g) ?? []).slice(0, 3).map(Number)
  );
  const differences = [0, 1, 2].map(place => (left?.[place] ?? 0) - (right?.[place] ?? 0));
  return differences.find(difference => difference !== 0) ?? 0;
}

/** The service: the one that runs, else a new one; asked again when it dies in the middle of a call. */
export class ServiceAccess {
  private found: Found | null = null;
  private finding: Promise<Found> | null = null;

  constructor(private readonly options: ServiceAccessOptions) {}

  /** Call the service. Safe for every call, since all are idempotent. */
  async ask<Answer>(
    call: (client: IClient<Response, AbortSignal>) => Promise<Answer>
  ): Promise<Answer> {
    for (const pauseMs of RETRY_PAUSES_MS) {
      try {
        return await call((await this.reach()).unix.client);
      } catch (error) {
        if (!isPassing(error)) {
          throw error;
        }
        await this.close();
        await this.options.delay(pauseMs);
      }
    }
    return call((await this.reach()).unix.client);
  }

  /** Let go of the connection; a later call opens it again. */
  async close(): Promise<void> {
    await this.found?.unix.close();
    this.found = null;
  }

  /** A service that this program can work with. */
  private async reach(): Promise<Found> {
    if (this.found === null) {
      this.finding ??= this.findOrStart().finally(() => {
        this.finding = null;
      });
      this.found = await this.finding;
    }
    return this.found;
  }

  private async findOrStart(): Promise<Found> {
    for (let round = 0; round < ROUNDS; round += 1) {
      const found = await this.probe();
      if (found !== null && this.isUsable(found.health)) {
        return found;
      }
      if (found !== null) {
        await this.replace(found);
      }
      const { startTimeoutMs = START_TIMEOUT_MS, ...options } = this.options;
      await startService({ ...options, timeoutMs: startTimeoutMs });
    }
    const last = await this.probe();
    if (last !== null && this.isUsable(last.health)) {
      return last;
    }
    await last?.unix.close();
    throw this.down(
      last === null
        ? 'it was started, but does not answer'
        : 'an older version of it is started again and again'
    );
  }

  /** Whoever listens; null: nobody. Errors: what it says, such as `config-differs`. */
  private async probe(): Promise<Found | null> {
    const path = await readSocketPath(this.options.place);
    if (path === null) {
      return null;
    }
    const { place, isAttended = true } = this.options;
    const unix = openUnixClient(path, { config: place.config, isAttended });
    try {
      return { unix, health: await unix.client.health() };
    } catch (error) {
      await unix.close();
      if (isRefusedConnection(error)) {
        return null;
      }
      throw error;
    }
  }

  private isUsable({ version, protocol, draining }: Health): boolean {
    const { options } = this;
    return (
      protocol === options.protocol && !draining && compareVersions(version, options.version) >= 0
    );
  }

  /** Ask an older service to leave, and wait until it has. */
  private async replace({ unix, health }: Found): Promise<void> {
    try {
      await unix.client.drain();
    } catch (error) {
      if (!isPassing(error)) {
        throw error;
      }
    } finally {
      await unix.close();
    }
    for (let look = 0; look < LEAVE_LOOKS; look += 1) {
      const now = await this.probe();
      await now?.unix.close();
      if (now?.health.pid !== health.pid) {
        return;
      }
      await this.options.delay(LOOK_EVERY_MS);
    }
    throw this.down(`the older version ${health.version} (pid ${health.pid}) does not leave`);
  }

  private down(problem: string): SluiceError {
    return new SluiceError('service-down', { problem, log: logPathOf(this.options.place) });
  }
}

/** True where the service died or is leaving, so that asking its successor may help. */
function isPassing(error: unknown): boolean {
  return (
    (error instanceof ClientError && error.isUnreachable && !isOver(error)) ||
    (error instanceof SluiceError && error.code === 'draining')
  );
}

/** It came to its deadline, or the caller ended the wait. */
function isOver(error: Error): boolean {
  const { name } = (error.cause ?? {}) as { name?: unknown };
  return name === 'TimeoutError' || name === 'AbortError';
}

/** Nobody listens, or left while it was asked. A service that is silent is no such thing. */
function isRefusedConnection(error: unknown): boolean {
  return error instanceof ClientError && error.isUnreachable && !isOver(error);
}
