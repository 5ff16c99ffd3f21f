import { consentSchema } from '../../shared/wire/decide';
import { answerConsent } from '../targets/answer-consent';
import type { RouteContext } from './route-context';
import type { TypedApp } from './typed-app';

/** `POST /api/consent`. */
export function addConsentRoutes(app: TypedApp, { consents, targetNews }: RouteContext): void {
  const schema = { body: consentSchema, response: { 200: consentSchema } };
  app.post('/api/consent', { schema }, async ({ body }) => {
    const word = answerConsent(body, consents);
    targetNews.tell();
    return word;
  });
}
