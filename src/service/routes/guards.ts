import { SluiceError } from '../../shared/errors';
import type { RouteContext } from './route-context';
import type { TypedApp } from './typed-app';

/** What every request passes: its configuration must be the service's own, and it counts as presence. */
export function addGuards(app: TypedApp, { configPath, presence }: RouteContext): void {
  app.addHook('onRequest', (request, reply, done) => {
    const asked = request.headers['x-sluice-config'];
    const leave = presence.enter();
    reply.raw.once('close', leave);
    if (typeof asked === 'string' && asked !== configPath && request.url !== '/health') {
      done(new SluiceError('config-differs', { serving: configPath, asked }));
      return;
    }
    done();
  });
}
