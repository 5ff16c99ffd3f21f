import { z } from 'zod';
import { loginAnswerSchema, loginRequestSchema } from '../../shared/wire/connection';
import { isAttended } from './is-attended';
import type { RouteContext } from './route-context';
import type { TypedApp } from './typed-app';

const params = z.object({ target: z.string() });

/** `POST /api/login/{target}` and `POST /api/logout/{target}`. */
export function addLoginRoutes(app: TypedApp, { desk, hosts, targets }: RouteContext): void {
  const schema = { params, body: loginRequestSchema, response: { 200: loginAnswerSchema } };

  // Whoever asked may leave meanwhile: the login goes on, as other work may wait for it too.
  app.post('/api/login/:target', { schema }, async request => {
    const target = await targets.find(request.params.target, request.body.projectDir);
    desk.name(target, target.name);
    const mayAsk = isAttended(request, desk);
    const done = mayAsk ? desk.allow(target, target.name) : () => undefined;
    try {
      const transport = hosts.transport(target);
      await transport.connect();
      return { connection: transport.connection };
    } finally {
      done();
    }
  });

  app.post('/api/logout/:target', { schema }, async request => {
    const target = await targets.find(request.params.target, request.body.projectDir);
    const transport = hosts.transport(target);
    await transport.close();
    return { connection: transport.connection };
  });
}
