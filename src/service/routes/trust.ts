import { z } from 'zod';
import { trustedSchema, trustSchema } from '../../shared/wire/decide';
import { answerTrust } from '../targets/answer-trust';
import type { RouteContext } from './route-context';
import type { TypedApp } from './typed-app';

const params = z.object({ target: z.string() });

/** `POST /api/trust/{target}`. */
export function addTrustRoutes(app: TypedApp, context: RouteContext): void {
  const answer = { params, body: trustSchema, response: { 200: trustedSchema } };
  app.post('/api/trust/:target', { schema: answer }, async ({ params: { target: name }, body }) => {
    const { targets, knownTrust: known, configPath: userPath, targetNews } = context;
    const target = await targets.find(name, body.projectDir);
    const path = await answerTrust(target, body.trust, { userPath, known });
    targetNews.tell();
    return { target: target.name, trust: body.trust, path };
  });
}
