import Fastify from 'fastify';
import {
  jsonSchemaTransform,
  type ZodTypeProvider,
  serializerCompiler,
  validatorCompiler
} from 'fastify-type-provider-zod';
import type { TypedApp } from './routes/typed-app';

/** The OpenAPI description of routes; they are added to an application that never listens. */
export async function describeApp(
  version: string,
  addRoutes: (app: TypedApp) => void
): Promise<unknown> {
  const { default: swagger } = await import('@fastify/swagger');
  const { default: websocket } = await import('@fastify/websocket');
  const app = Fastify().withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  const info = { title: 'Sluice', version };
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info },
    transform: jsonSchemaTransform
  });
  await app.register(websocket);
  await app.register(async scope => {
    addRoutes(scope);
  });
  await app.ready();
  return app.swagger();
}
