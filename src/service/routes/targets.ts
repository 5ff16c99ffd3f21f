import { z } from 'zod';
import { captureKitSchema, type Targets, targetsSchema } from '../../shared/wire/service';
import type { Target } from '../targets/target';
import type { RouteContext } from './route-context';
import type { TypedApp } from './typed-app';

const placeQuery = z.object({ projectDir: z.string().optional() });
const kitQuery = placeQuery.extend({ target: z.string().optional() });

/** What is known of a target; nothing is connected, and nobody is asked. */
function describe(target: Target, { hosts, limits }: RouteContext): Targets['targets'][number] {
  const { name, scheduler, host, trust, asksTrust, resources, source } = target;
  return {
    name,
    scheduler,
    host,
    trust,
    asksTrust,
    resources,
    source,
    connection: hosts.known(target)?.connection ?? null,
    limits: limits.find(target)
  };
}

/** `GET /api/targets` and `GET /api/capture-kit`. */
export function addTargetRoutes(app: TypedApp, context: RouteContext): void {
  const list = { querystring: placeQuery, response: { 200: targetsSchema } };
  app.get('/api/targets', { schema: list }, async ({ query }) => {
    const { targets, fallback } = await context.targets.read(query.projectDir ?? null);
    const shown = [...targets.values()].map(target => describe(target, context));
    return { default: fallback, targets: shown, aliases: await context.aliases() };
  });

  const kit = { querystring: kitQuery, response: { 200: captureKitSchema } };
  app.get('/api/capture-kit', { schema: kit }, async ({ query }) => {
    const { target, projectDir } = query;
    const { targets, fallback } = await context.targets.read(projectDir ?? null);
    // An unknown name is the submit's to refuse, where it becomes a task that a person can see.
    const found = targets.get(target ?? fallback) ?? targets.get('here');
    return {
      snippet: await context.snippet(),
      spool: context.spool,
      noncePath: context.noncePath,
      maxVariableBytes: found?.maxVariableBytes ?? 0,
      target: found?.name ?? null,
      asksTrust: found?.asksTrust ?? false,
      rehearsalNeedsConsent: await context.targets.isLoginNode()
    };
  });
}
