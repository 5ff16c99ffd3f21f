import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import { createClient } from '../client/client';
import { ClientError } from '../client/client-error';
import { EventStream } from '../client/event-stream';
import type { IWebSocket } from '../client/web';
import { SluiceError } from '../shared/errors';
import { NewsStream } from './news-stream';
import type { ISluiceService } from './service';

const NOT_FOUND = 404;

/** The service behind `/sluice` of the Jupyter server, with Jupyter's own login and XSRF token. */
export function connectService(settings: ServerConnection.ISettings): ISluiceService {
  const client = createClient<Response, AbortSignal>({
    baseUrl: URLExt.join(settings.baseUrl, 'sluice'),
    fetch: (url, request) => ServerConnection.makeRequest(url, request, settings),
    deadline: (timeoutMs, signal) => {
      const late = AbortSignal.timeout(timeoutMs);
      return signal ? AbortSignal.any([late, signal]) : late;
    },
    stranger
  });
  const events = new EventStream({
    connect: () => openSocket(settings),
    setTimer: (call, delayMs) => {
      const handle = window.setTimeout(call, delayMs);
      return () => window.clearTimeout(handle);
    },
    random: Math.random
  });
  return { ...client, stream: new NewsStream(events) };
}

/** Jupyter answers in the service's place: most likely the server half is not installed there. */
function stranger(status: number): SluiceError {
  return status === NOT_FOUND
    ? new SluiceError('server-missing')
    : ClientError.unreachable(`the Jupyter server answered with HTTP status ${status}`);
}

function openSocket(settings: ServerConnection.ISettings): IWebSocket {
  const url = URLExt.join(settings.wsUrl, 'sluice', 'api', 'events');
  const query = settings.appendToken
    ? URLExt.objectToQueryString(settings.token === '' ? {} : { token: settings.token })
    : '';
  return new settings.WebSocket(url + query);
}
