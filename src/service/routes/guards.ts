import { SluiceError } from '../../shared/errors';
import { callerProblem } from './caller-problem';
import type { RouteContext } from './route-context';
import type { TypedApp } from './typed-app';

/**
 * What every request passes, also one that asks for a WebSocket or for no route at all: it comes from a
 * program of this person, its configuration is the service's own, and it counts as presence.
 */
export function addGuards(app: TypedApp, { configPath, presence }: RouteContext): void {
  app.addHook('onRequest', (request, reply, done) => {
    const problem = callerProblem(request.headers);
    if (problem !== null) {
      done(new SluiceError('caller-refused', { problem }));
      return;
    }
    const header = request.headers['x-sluice-config'];
    // Node reads headers as Latin-1; callers send the path's own bytes, which are UTF-8.
    const asked = typeof header === 'string' ? Buffer.from(header, 'latin1').toString() : null;
    const leave = presence.enter();
    reply.raw.once('close', leave);
    if (asked !== null && asked !== configPath && request.url !== '/health') {
      done(new SluiceError('config-differs', { serving: configPath, asked }));
      return;
    }
    done();
  });
}
