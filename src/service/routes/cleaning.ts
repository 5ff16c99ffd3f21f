import { z } from 'zod';
import { cleanReportSchema, cleanRequestSchema } from '../../shared/wire/clean';
import { isAttended } from './is-attended';
import type { RouteContext } from './route-context';
import type { TypedApp } from './typed-app';

const params = z.object({ target: z.string() });

/** `POST /api/clean/{target}`. */
export function addCleaningRoutes(app: TypedApp, { cleaner, desk, targets }: RouteContext): void {
  const clean = { params, body: cleanRequestSchema, response: { 200: cleanReportSchema } };
  app.post('/api/clean/:target', { schema: clean }, async request => {
    const { params: named, body } = request;
    const target = await targets.find(named.target, body.projectDir);
    const done = isAttended(request, desk) ? desk.allow(target, target.name) : () => undefined;
    return cleaner.clean(target.name, body).finally(done);
  });
}
