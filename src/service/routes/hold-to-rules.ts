import { type RouteRule, ruleOf } from './route-rules';
import type { TypedApp } from './typed-app';

declare module 'fastify' {
  // Fastify's own way to let a request know its route's settings.
  interface FastifyContextConfig {
    rule?: RouteRule;
  }
}

/** Fastify counts from one byte on. */
const NO_BODY_BYTES = 1;

/** Every route gets its rule and the body limit of that; one without a rule ends the start. */
export function holdToRules(app: TypedApp): void {
  app.addHook('onRoute', route => {
    const methods = [route.method].flat();
    for (const method of methods) {
      const rule = ruleOf(method, route.url);
      if (rule === null) {
        throw new Error(`${method} ${route.url} has no rule in route-rules.ts`);
      }
      route.bodyLimit = Math.max(NO_BODY_BYTES, rule.bodyBytes);
      route.config = { ...route.config, rule };
    }
  });
  // A page of another site may send plain text without being asked about it; we never do.
  app.removeContentTypeParser('text/plain');
}
