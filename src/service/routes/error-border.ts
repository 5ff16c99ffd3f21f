import type { FastifyRequest } from 'fastify';
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

const UNITS: readonly (readonly [number, string])[] = [
  [2 ** 20, 'MiB'],
  [2 ** 10, 'KiB']
];

function sizeWords(bytes: number): string {
  const [unit, word] = UNITS.find(([least]) => bytes >= least) ?? [1, 'bytes'];
  return `${bytes / unit} ${word}`;
}

function faultOf(error: unknown, request: FastifyRequest, logPath: string): SluiceError {
  if ((error as { code?: unknown }).code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const { bodyBytes = 0 } = request.routeOptions.config.rule ?? {};
    return new SluiceError('body-too-large', { limit: sizeWords(bodyBytes) }, { cause: error });
  }
  const problem = problemOf(error);
  return problem === null
    ? translateFault(error, logPath)
    : new SluiceError('request-invalid', { problem }, { cause: error });
}

/** The one place where errors become answers: known codes with their words, the rest logged in full. */
export function addErrorBorder(app: TypedApp, context: RouteContext): void {
  app.setErrorHandler((error, request, reply) => {
    const fault = faultOf(error, request, context.logPath);
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
