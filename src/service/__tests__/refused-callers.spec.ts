import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { connect } from 'node:net';
import { recordTrials } from '../../testing/record-trials';
import { ServiceStand } from '../../testing/service-stand';
import { ROUTE_RULES, type RouteRule } from '../routes/route-rules';

type Answer = { status: number; code: string | undefined; body: string };
type Asked = { headers?: Record<string, string>; body?: string | Buffer; chunked?: boolean };

const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'c2x1aWNlLXNsdWljZS0uLg=='
};

const routeName = ({ method, path }: RouteRule): string => `${method} ${path}`;
const isStream = ({ path }: RouteRule): boolean => path === '/api/events';
const urlOf = ({ path }: RouteRule): string => path.replaceAll(/:(\w+)/g, 'none');

/** Every listed route, asked over the real socket by callers of every kind. */
describe('callers that are refused', () => {
  let stand: ServiceStand;
  let socketPath: string;

  beforeAll(async () => {
    stand = await ServiceStand.open('');
    socketPath = join(stand.directory, 'state', 'socket');
    await stand.app.listen({ path: socketPath });
    chmodSync(socketPath, 0o600);
  });

  afterAll(async () => {
    await stand.close();
  });

  const ask = (rule: RouteRule, asked: Asked = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { headers = {}, body, chunked = false } = asked;
      const length = body === undefined || chunked ? {} : { 'content-length': String(body.length) };
      const upgrade = isStream(rule) ? UPGRADE : {};
      const outgoing = request({
        socketPath,
        agent: false,
        method: rule.method,
        path: urlOf(rule),
        headers: { ...upgrade, ...length, ...headers }
      });
      outgoing.on('upgrade', (_, socket) => {
        socket.destroy();
        resolve({ status: 101, code: undefined, body: '' });
      });
      outgoing.on('response', response => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const code = /"code":"([\w-]+)"/.exec(text)?.[1];
          resolve({ status: response.statusCode ?? 0, code, body: text });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });

  const added = (): RouteRule[] =>
    ROUTE_RULES.filter(({ method, path }) => stand.app.hasRoute({ method, url: path }));

  const everywhere = async (
    point: string,
    asked: Asked,
    code: string,
    rules = added()
  ): Promise<void> => {
    const answers: [string, string | undefined][] = [];
    for (const rule of rules) {
      answers.push([routeName(rule), (await ask(rule, asked)).code]);
    }
    expect(answers).toEqual(rules.map(rule => [routeName(rule), code]));
    expect(rules.length).toBeGreaterThan(0);
    recordTrials({
      suite: 'refused callers',
      point,
      trials: answers.length,
      counts: { refused: answers.filter(([, said]) => said === code).length }
    });
  };

  const json = { 'content-type': 'application/json' };

  it.each<[string, Record<string, string>]>([
    ['a page of another site', { origin: 'https://elsewhere.example' }],
    ['a page without a name', { origin: 'null' }],
    ['a page of this machine', { origin: 'http://localhost:8888' }],
    ['a form of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a link that was followed', { 'sec-fetch-site': 'none' }],
    ['a name that was pointed here', { host: 'elsewhere.example' }],
    ['a name that was pointed here, with a port', { host: 'elsewhere.example:8888' }],
    ['an address of the network', { host: '192.0.2.7' }],
    ['a name that looks like ours', { host: 'localhost.elsewhere.example' }]
  ])('%s, on every route and on the upgrade', async (point, headers) => {
    await everywhere(point, { headers }, 'caller-refused');
  });

  it('also where there is no route', async () => {
    const nowhere = { method: 'GET', path: '/nowhere' } as RouteRule;
    const headers = { origin: 'https://elsewhere.example' };
    expect(await ask(nowhere, { headers })).toMatchObject({ status: 403, code: 'caller-refused' });
    expect(await ask(nowhere)).toMatchObject({ status: 404, code: 'not-found' });
  });

  it('while programs of the person are heard', async () => {
    for (const rule of added().filter(({ path }) => path !== '/api/drain')) {
      const { code } = await ask(rule, rule.method === 'POST' ? { headers: json, body: '{' } : {});
      expect([routeName(rule), code]).not.toEqual([routeName(rule), 'caller-refused']);
    }
    const [stream] = ROUTE_RULES.filter(isStream);
    expect(stream && (await ask(stream))).toMatchObject({ status: 101 });
  });

  it('a form, which no page needs a permission to send', async () => {
    const forms = added().filter(({ method }) => method === 'POST');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    await everywhere(
      'a form without an origin',
      { headers: form, body: 'a=b' },
      'request-invalid',
      forms
    );
    const text = { 'content-type': 'text/plain' };
    await everywhere('plain text', { headers: text, body: '{}' }, 'request-invalid', forms);
  });

  it('a body that is too large, before it is read', async () => {
    for (const rule of added().filter(({ method }) => method === 'POST')) {
      const headers = { ...json, 'content-length': String(rule.bodyBytes + 1) };
      const answer = await announce(rule, headers);
      expect([routeName(rule), answer]).toEqual([
        routeName(rule),
        expect.stringMatching(/ 413 [\s\S]*"body-too-large".*(64 KiB|1 MiB|4 MiB|64 MiB)/)
      ]);
    }
  });

  it('a body that turns out too large on its way', async () => {
    const small = added().filter(({ bodyBytes }) => bodyBytes > 0 && bodyBytes <= 2 ** 16);
    const body = Buffer.from(`{"a": "${'x'.repeat(2 ** 16)}"}`);
    await everywhere(
      'an oversized body',
      { headers: json, body, chunked: true },
      'body-too-large',
      small
    );
  });

  /** Send only the head of a request; all that comes back. */
  async function announce(rule: RouteRule, headers: Record<string, string>): Promise<string> {
    const socket = connect(socketPath);
    const lines = Object.entries({ host: 'localhost', ...headers }).map(each => each.join(': '));
    socket.write([`${rule.method} ${urlOf(rule)} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
    let said = '';
    while (!said.includes('}}')) {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      said += chunk.toString();
    }
    socket.destroy();
    return said;
  }
});
