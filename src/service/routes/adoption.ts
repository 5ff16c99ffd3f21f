import { z } from 'zod';
import { adoptReportSchema, adoptRequestSchema } from '../../shared/wire/adopt';
import { isAttended } from './is-attended';
import type { RouteContext } from './route-context';
import type { TypedApp } from './typed-app';

const params = z.object({ target: z.string() });

/** `POST /api/adopt/{target}`. */
export function addAdoptionRoutes(app: TypedApp, { adopter, desk, targets }: RouteContext): void {
  const adopt = { params, body: adoptRequestSchema, response: { 200: adoptReportSchema } };
  app.post('/api/adopt/:target', { schema: adopt }, async request => {
    const { params: named, body } = request;
    const target = await targets.find(named.target, body.projectDir);
    const done = isAttended(request, desk) ? desk.allow(target, target.name) : () => undefined;
    return adopter.adopt(target.name, body).finally(done);
  });
}
