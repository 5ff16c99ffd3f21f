import { z } from 'zod';
import { type Health, healthSchema, PROTOCOL } from '../../shared/wire/service';
import type { RouteContext } from './route-context';
import type { TypedApp } from './typed-app';

/** `GET /health` and `POST /api/drain`. */
export function addHealthRoutes(app: TypedApp, context: RouteContext): void {
  const health = (): Health => ({
    version: context.version,
    protocol: PROTOCOL,
    pid: process.pid,
    configPath: context.configPath,
    statePath: context.statePath,
    logPath: context.logPath,
    draining: context.presence.draining || context.isOutdated()
  });
  app.get('/health', { schema: { response: { 200: healthSchema } } }, async () => health());
  app.post(
    '/api/drain',
    { schema: { response: { 200: z.object({ draining: z.boolean() }) } } },
    async () => {
      context.presence.draining = true;
      context.leave();
      return { draining: true };
    }
  );
}
