import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SluiceError } from '../../shared/errors';
import { createClient, type IClient } from '../client';
import type { ClientError } from '../client-error';
import { makeTask } from './make-task';

type Handler = (request: IncomingMessage, body: string, response: ServerResponse) => void;

describe('the client', () => {
  let server: Server;
  let handle: Handler;
  let baseUrl: string;
  let client: IClient<Response>;

  const makeClient = (): IClient<Response> =>
    createClient({
      fetch: (url: string, request: RequestInit) => fetch(url, request),
      baseUrl,
      headers: { 'X-Sluice-Config': '/c.toml' },
      deadline: ms => AbortSignal.timeout(ms)
    });

  beforeEach(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        handle(request, Buffer.concat(chunks).toString(), response);
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sluice`;
    client = makeClient();
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });

  const answer = (status: number, body: unknown): Handler => {
    return (_request, _body, response) => {
      response.statusCode = status;
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
  };

  const failure = async (call: Promise<unknown>): Promise<ClientError> => {
    const error = await call.then(
      () => null,
      (reason: unknown) => reason
    );
    expect(error).toBeInstanceOf(SluiceError);
    return error as ClientError;
  };

  it.each<[string, (c: IClient<Response>) => Promise<unknown>, string]>([
    ['health', c => c.health(), 'GET /sluice/health'],
    ['targets', c => c.targets(), 'GET /sluice/api/targets'],
    ['captureKit', c => c.captureKit(), 'GET /sluice/api/capture-kit'],
    ['task', c => c.task('a/b ?'), 'GET /sluice/api/status/a%2Fb%20%3F'],
    ['tasks', c => c.tasks(), 'GET /sluice/api/tasks'],
    [
      'tasks of a state',
      c => c.tasks({ state: 'failed', limit: 5 }),
      'GET /sluice/api/tasks?state=failed&limit=5'
    ],
    ['cancel', c => c.cancel('x'), 'POST /sluice/api/cancel/x'],
    ['events', c => c.events('x', 3, 50), 'GET /sluice/api/events/x?after=3&waitMs=50'],
    ['logs', c => c.logs('x'), 'GET /sluice/api/logs/x'],
    ['a part of a log', c => c.logPart('x', { start: 3, end: 5 }), 'GET /sluice/api/logs/x'],
    ['a large output', c => c.output('x', 'a1'), 'GET /sluice/api/outputs/x/a1'],
    ['a trust', c => c.answerTrust('t', { trust: 'none' }), 'POST /sluice/api/trust/t'],
    ['a consent', c => c.consent({ path: 'p', sha256: 's' }), 'POST /sluice/api/consent'],
    ['a value', c => c.bringValue('x', { name: 'n' }), 'POST /sluice/api/values/x'],
    ['jobs to take over', c => c.adopt('t', { dryRun: true }), 'POST /sluice/api/adopt/t'],
    ['a decision', c => c.resolve('x', 'look'), 'POST /sluice/api/resolve/x'],
    ['many to cancel', c => c.cancelMany(null), 'POST /sluice/api/cancel'],
    ['fetch', c => c.fetch('x'), 'GET /sluice/api/fetch/x'],
    ['files', c => c.files('x'), 'GET /sluice/api/files/x'],
    [
      'a page of files',
      c => c.files('x', { offset: 200, limit: 100 }),
      'GET /sluice/api/files/x?offset=200&limit=100'
    ],
    [
      'files to come home',
      c => c.actOnFiles('x', { action: 'fetch', paths: null }),
      'POST /sluice/api/files/x'
    ],
    ['prompts', c => c.prompts(), 'GET /sluice/api/prompts'],
    ['an answer to a prompt', c => c.answerPrompt('p 1', ['x']), 'POST /sluice/api/prompts/p%201'],
    ['a login', c => c.login('me@host:22'), 'POST /sluice/api/login/me%40host%3A22'],
    ['a logout', c => c.logout('t'), 'POST /sluice/api/logout/t'],
    ['the doctor', c => c.startDoctor({ target: 't' }), 'POST /sluice/api/doctor'],
    ['news of the doctor', c => c.doctor('d', 3, 50), 'GET /sluice/api/doctor/d?after=3&waitMs=50'],
    ['the doctor to stop', c => c.cancelDoctor('d'), 'POST /sluice/api/doctor/d/cancel'],
    ['the doctor to write', c => c.saveDoctor('d', 't'), 'POST /sluice/api/doctor/d/save'],
    ['drain', c => c.drain(), 'POST /sluice/api/drain']
  ])('asks for %s', async (_name, call, expected) => {
    let asked = '';
    let config: unknown;
    handle = (request, body, response) => {
      asked = `${request.method} ${request.url}`;
      config = request.headers['x-sluice-config'];
      answer(200, { tasks: [] })(request, body, response);
    };
    await call(client);
    expect([asked, config]).toEqual([expected, '/c.toml']);
  });

  it('sends a request as JSON and gives what came back', async () => {
    const task = makeTask();
    handle = (request, body, response) => {
      expect(request.headers['content-type']).toBe('application/json');
      answer(200, { ...task, title: (JSON.parse(body) as { requestId: string }).requestId })(
        request,
        body,
        response
      );
    };
    const request = { requestId: 'é “quoted”' } as Parameters<typeof client.submit>[0];
    expect(await client.submit(request)).toEqual({ ...task, title: 'é “quoted”' });
  });

  it('sends the answers of a person, or that there are none', async () => {
    const bodies: unknown[] = [];
    handle = (request, body, response) => {
      bodies.push(JSON.parse(body));
      // The answer of this call tells nothing, whatever it holds.
      answer(200, '')(request, body, response);
    };
    await client.answerPrompt('p', ['secret']);
    await client.answerPrompt('p', null);
    expect(bodies).toEqual([{ answers: ['secret'] }, { answers: null }]);
  });

  it('logs in for a project, and gives the connection', async () => {
    const connection = { state: 'connected', via: 'ssh2', words: null, since: 5, notBefore: null };
    handle = (request, body, response) => {
      expect(JSON.parse(body)).toEqual({ projectDir: '/home/me' });
      answer(200, { connection })(request, body, response);
    };
    expect(await client.login('t', { projectDir: '/home/me' })).toEqual(connection);
  });

  it('asks for a part of a log, and knows its end', async () => {
    handle = (request, body, response) => {
      expect(request.headers.range).toBe('bytes=3-5');
      answer(206, 'abc')(request, body, response);
    };
    expect(await client.logs('x', { start: 3, end: 5 })).toBe('abc');
    handle = (request, body, response) => {
      expect(request.headers.range).toBe('bytes=9-');
      answer(416, '')(request, body, response);
    };
    expect(await client.logs('x', { start: 9 })).toBe('');
  });

  it('passes on what the service says, in its words', async () => {
    const error = {
      code: 'target-unknown',
      message: 'No target “x”, says a newer service.',
      hint: 'Use one of: here.',
      retry: false,
      details: { target: 'x' }
    };
    handle = answer(404, { error });
    const found = await failure(client.task('x'));
    expect(found).toMatchObject({ code: 'target-unknown', isUnreachable: false, hint: error.hint });
    expect(found.message).toBe(error.message);
  });

  it('keeps the words of a code that it does not know', async () => {
    handle = answer(418, { error: { code: 'from-the-future', message: 'Too early.' } });
    const found = await failure(client.health());
    expect([found.code, found.message]).toEqual(['internal', 'Too early.']);
  });

  it('tells a service that cannot be reached', async () => {
    await new Promise(resolve => server.close(resolve));
    const found = await failure(makeClient().health());
    expect(found).toMatchObject({ code: 'service-down', isUnreachable: true });
    expect(found.entry.retry).toBe(true);
  });

  it('tells a service that died in the middle of its answer', async () => {
    handle = (_request, _body, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"tasks"', () => response.destroy());
    };
    expect(await failure(client.tasks())).toMatchObject({
      code: 'service-down',
      isUnreachable: true
    });
  });

  it('gives up on a service that is silent', async () => {
    handle = () => undefined;
    const impatient = createClient({
      fetch: (url: string, request: RequestInit) => fetch(url, request),
      baseUrl,
      deadline: () => AbortSignal.timeout(1)
    });
    expect(await failure(impatient.health())).toMatchObject({ isUnreachable: true });
  });

  it('does not take the answer of someone else for the service’s', async () => {
    handle = answer(404, '<html>not here</html>');
    expect(await failure(client.health())).toMatchObject({ code: 'service-down' });
    handle = answer(200, '<html>log in</html>');
    expect(await failure(client.health())).toMatchObject({ code: 'service-down' });
    const inJupyter = createClient({
      fetch: (url: string, request: RequestInit) => fetch(url, request),
      baseUrl,
      stranger: () => new SluiceError('server-missing')
    });
    expect(await failure(inJupyter.health())).toMatchObject({ code: 'server-missing' });
  });
});
