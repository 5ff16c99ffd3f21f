import { Agent, fetch, type Response } from 'undici';
import { createClient, type IClient } from '../../client/client';

export type UnixClient = { client: IClient<Response, AbortSignal>; close: () => Promise<void> };

/** Header values go out byte by byte; a path is UTF-8. */
const asBytes = (text: string): string => Buffer.from(text).toString('latin1');

/** A client of the service behind a Unix socket. */
export function openUnixClient(
  socketPath: string,
  { config, isAttended }: { config: string; isAttended: boolean }
): UnixClient {
  // Requests have deadlines of their own; a long poll or an archive may be silent for longer.
  const agent = new Agent({ connect: { socketPath }, headersTimeout: 0, bodyTimeout: 0 });
  const client = createClient<Response, AbortSignal>({
    fetch: (url, request) => fetch(url, { ...request, dispatcher: agent }),
    baseUrl: 'http://localhost',
    headers: {
      'X-Sluice-Config': asBytes(config),
      ...(isAttended ? {} : { 'X-Sluice-Unattended': '1' })
    },
    deadline: (ms, signal) => {
      const late = AbortSignal.timeout(ms);
      return signal ? AbortSignal.any([late, signal]) : late;
    }
  });
  return { client, close: () => agent.destroy() };
}
