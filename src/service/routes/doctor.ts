import { z } from 'zod';
import { SluiceError } from '../../shared/errors';
import {
  doctorReportSchema,
  doctorRequestSchema,
  doctorSaveSchema
} from '../../shared/wire/doctor';
import { goneSignal } from './gone-signal';
import { isAttended } from './is-attended';
import type { RouteContext } from './route-context';
import type { TypedApp } from './typed-app';

const LONGEST_WAIT_MS = 60_000;

const params = z.object({ id: z.string() });
const querystring = z.object({
  after: z.coerce.number().int().nonnegative().default(0),
  waitMs: z.coerce.number().int().nonnegative().max(LONGEST_WAIT_MS).default(0)
});
const response = { 200: doctorReportSchema };

/** Start a run of the doctor, wait for what it finds, end it, and write what it proposes. */
export function addDoctorRoutes(app: TypedApp, { desk, doctor, presence }: RouteContext): void {
  const start = { body: doctorRequestSchema, response };
  app.post('/api/doctor', { schema: start }, request => {
    if (presence.draining) {
      throw new SluiceError('draining');
    }
    return Promise.resolve(doctor.start(request.body, isAttended(request, desk)));
  });

  const look = { params, querystring, response };
  app.get('/api/doctor/:id', { schema: look }, (request, reply) => {
    const { after, waitMs } = request.query;
    return doctor.wait(request.params.id, after, waitMs, goneSignal(reply.raw));
  });

  const cancel = { params, response };
  app.post('/api/doctor/:id/cancel', { schema: cancel }, request =>
    doctor.cancel(request.params.id)
  );

  const save = { params, body: doctorSaveSchema, response };
  app.post('/api/doctor/:id/save', { schema: save }, request =>
    doctor.save(request.params.id, request.body.name)
  );
}
