import type { TypedApp } from './typed-app';

/** `GET /api/openapi.json`: made from the routes' own schemas when somebody asks. */
export function addOpenApiRoute(app: TypedApp, describe: () => Promise<unknown>): void {
  let description: Promise<unknown> | null = null;
  app.get('/api/openapi.json', async () => {
    description ??= describe();
    return description;
  });
}
