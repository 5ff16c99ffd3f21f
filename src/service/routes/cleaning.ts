import { z } from 'zod';
import { cleanReportSchema, cleanRequestSchema } from '../../shared/wire/clean';
import type { RouteContext } from './route-context';
import type { TypedApp } from './typed-app';

const params = z.object({ target: z.string() });

/** `POST /api/clean/{target}`. */
export function addCleaningRoutes(app: TypedApp, { cleaner }: RouteContext): void {
  const clean = { params, body: cleanRequestSchema, response: { 200: cleanReportSchema } };
  app.post('/api/clean/:target', { schema: clean }, ({ params: { target }, body }) =>
    cleaner.clean(target, body)
  );
}
