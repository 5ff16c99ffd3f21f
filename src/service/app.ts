import websocket from '@fastify/websocket';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider
} from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import { describeApp } from './describe-app';
import { addAdoptionRoutes } from './routes/adoption';
import { addCleaningRoutes } from './routes/cleaning';
import { addConsentRoutes } from './routes/consent';
import { addDoctorRoutes } from './routes/doctor';
import { addErrorBorder } from './routes/error-border';
import { addEventRoutes } from './routes/events';
import { addFileRoutes } from './routes/files';
import { addGuards } from './routes/guards';
import { addHealthRoutes } from './routes/health';
import { holdToRules } from './routes/hold-to-rules';
import { addLoginRoutes } from './routes/logins';
import { addOpenApiRoute } from './routes/openapi';
import { addResultRoutes } from './routes/results';
import { addPromptRoutes } from './routes/prompts';
import type { RouteContext } from './routes/route-context';
import { addTargetRoutes } from './routes/targets';
import { addTaskRoutes } from './routes/tasks';
import { addTrustRoutes } from './routes/trust';
import type { TypedApp } from './routes/typed-app';
import { addValueRoutes } from './routes/values';

const LARGEST_FRAME_BYTES = 2 ** 20;

function addRoutes(app: TypedApp, context: RouteContext): void {
  addHealthRoutes(app, context);
  addTargetRoutes(app, context);
  addDoctorRoutes(app, context);
  addTaskRoutes(app, context);
  addEventRoutes(app, context);
  addResultRoutes(app, context);
  addFileRoutes(app, context);
  addValueRoutes(app, context);
  addTrustRoutes(app, context);
  addCleaningRoutes(app, context);
  addAdoptionRoutes(app, context);
  addPromptRoutes(app, context);
  addConsentRoutes(app, context);
  addLoginRoutes(app, context);
  addOpenApiRoute(app, () =>
    describeApp(context.version, scope => {
      addRoutes(scope, context);
    })
  );
}

/** Every route, on an application that does not listen yet. */
export async function buildApp(context: RouteContext, log: Logger): Promise<TypedApp> {
  // Fastify's own, narrower type, so that the application's type does not name the logger's library.
  const loggerInstance: FastifyBaseLogger = log;
  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    exposeHeadRoutes: false,
    forceCloseConnections: true
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  addErrorBorder(app, context);
  await app.register(websocket, { options: { maxPayload: LARGEST_FRAME_BYTES } });
  // After the plugin, which closes the socket of an upgrade that is refused.
  addGuards(app, context);
  holdToRules(app);
  await app.register(async scope => {
    addRoutes(scope, context);
  });
  return app;
}
