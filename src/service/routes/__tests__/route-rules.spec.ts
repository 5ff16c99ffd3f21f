import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Fastify from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { ServiceStand } from '../../../testing/service-stand';
import { holdToRules } from '../hold-to-rules';
import { ROUTE_RULES, type RouteRule } from '../route-rules';
import type { TypedApp } from '../typed-app';

const page = resolve(__dirname, '../../../../docs/routes.md');

function size(bytes: number): string {
  return bytes === 0
    ? 'none'
    : bytes < 2 ** 20
      ? `${bytes / 2 ** 10} KiB`
      : `${bytes / 2 ** 20} MiB`;
}

/** What Jupyter's authorizer is asked for. */
function permission({ method, path }: RouteRule): string {
  return path === '/api/events' ? 'execute' : method === 'GET' ? 'read' : 'write';
}

function row(rule: RouteRule): string {
  const { method, path, bodyBytes, changes, mayAsk, does } = rule;
  const cells = [
    `\`${method} ${path}\``,
    does,
    permission(rule),
    size(bodyBytes),
    changes ? 'yes' : 'no',
    mayAsk ? 'yes' : 'no'
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The page that lists every route; `UPDATE_DOCS=1` writes it anew. */
function renderPage(): string {
  return `# Routes

Every route of the service with its rule, made from \`src/service/routes/route-rules.ts\`. A route without a rule
ends the service's start, and fails the tests.

Who may call: programs of the person who owns the service's socket, and pages through the Jupyter server, which asks
for a login, its XSRF token and the named permission on \`sluice\`. A request with an \`Origin\` or a
\`Sec-Fetch-Site\` header, or for another host than this machine, is refused on every route and on the WebSocket
upgrade (\`caller-refused\`). A larger body is refused before it is read (\`body-too-large\`).

| route | what it is for | permission | largest body | changes something | a login may ask |
|---|---|---|---|---|---|
${ROUTE_RULES.map(row).join('\n')}
`;
}

describe('the rules of routes', () => {
  it('are what the documentation lists', () => {
    if (process.env['UPDATE_DOCS'] === '1') {
      writeFileSync(page, renderPage());
    }
    expect(readFileSync(page, 'utf8')).toBe(renderPage());
  });

  it('name each route once', () => {
    const names = ROUTE_RULES.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('end the start of a service with a route that they do not list', () => {
    const app: TypedApp = Fastify().withTypeProvider<ZodTypeProvider>();
    holdToRules(app);
    expect(() => app.get('/api/backdoor', () => '')).toThrow(/GET \/api\/backdoor has no rule/);
    expect(() => app.delete('/api/tasks', () => '')).toThrow(/DELETE \/api\/tasks has no rule/);
  });

  it('are as many as the routes of the service', async () => {
    const stand = await ServiceStand.open('');
    const description = await stand.app.inject({ url: '/api/openapi.json' });
    const { paths } = description.json<{ paths: Record<string, Record<string, unknown>> }>();
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`)
    );
    const missing = ROUTE_RULES.filter(
      ({ method, path }) => !stand.app.hasRoute({ method, url: path })
    );
    await stand.close();
    expect(missing).toEqual([]);
    const listed = ROUTE_RULES.map(
      ({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`
    );
    expect(described.length).toBeGreaterThan(20);
    expect(described.filter(name => !listed.includes(name))).toEqual([]);
  });
});
