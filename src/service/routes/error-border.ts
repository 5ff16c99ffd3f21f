import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { SluiceError } from '../../shared/errors';
import { translateFault } from '../tasks/translate-fault';
import type { RouteContext } from './route-context';
import type { TypedApp } from './typed-app';

function problemOf(error: unknown): string | null {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const first = error.validation[0];
    return `${first?.instancePath ?? ''} ${first?.message ?? ''}`.trim();
  }
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  const isClients = statusCode !== undefined && statusCode >= 400 && statusCode < 500;
  return isClients ? (message ?? 'refused') : null;
}

/** The one place where errors become answers: known codes with their words, the rest logged in full. */
export function addErrorBorder(app: TypedApp, context: RouteContext): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    const fault =
      problem === null
        ? translateFault(error, context.logPath)
        : new SluiceError('request-invalid', { problem }, { cause: error });
    if (fault.code === 'internal') {
      request.log.error({ err: error, url: request.url }, 'a request failed');
    }
    return reply.status(fault.entry.status).send({ error: fault.toProblem() });
  });
  app.setNotFoundHandler((request, reply) => {
    const fault = new SluiceError('not-found', { what: 'route', id: request.url });
    return reply.status(404).send({ error: fault.toProblem() });
  });
}
