// A service for tests of its callers: shows what it was asked, and has the faults that the real
// one cannot have on demand. FAKE_START, FAKE_VERSION, FAKE_PROTOCOL choose them.
const { EventEmitter } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { WebSocketServer } = require('ws');

const state = process.env.SLUICE_STATE;
const socketPath = path.join(state, 'socket');
const fault = process.env.FAKE_START ?? '';

if (fault === 'fails') {
  throw new Error('the disk is full');
}
if (fault === 'loses') {
  process.exit(0);
}
if (fault === 'silent') {
  setInterval(() => undefined, 1000);
  return;
}

const refusal = {
  error: { code: 'target-unknown', message: 'There is none.', hint: 'Make one.', retry: false, details: {} }
};

function health() {
  return {
    version: process.env.FAKE_VERSION ?? '99.0.0',
    protocol: Number(process.env.FAKE_PROTOCOL ?? 1),
    pid: process.pid,
    configPath: process.env.SLUICE_CONFIG,
    statePath: state,
    logPath: path.join(state, 'service.log'),
    draining: false
  };
}

function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json', 'x-secret': 'stays here' });
  response.end(JSON.stringify(body));
}

function dieOnce() {
  const mark = path.join(state, 'died');
  if (fs.existsSync(mark)) {
    return;
  }
  fs.writeFileSync(mark, '');
  process.kill(process.pid, 'SIGKILL');
}

const routes = {
  '/health': (_, response) => answer(response, 200, health()),
  '/api/drain': (_, response) => {
    fs.appendFileSync(path.join(state, 'drained'), `${process.env.FAKE_VERSION}\n`);
    response.on('close', () => process.exit(0));
    answer(response, 200, { draining: true });
  },
  '/api/echo': (request, response, body) =>
    answer(response, 200, { method: request.method, url: request.url, headers: request.headers, body, pid: process.pid, environment: process.env }),
  '/api/prompts/p1': (_, response, body) => {
    fs.writeFileSync(path.join(state, 'answered.json'), body);
    isAnswered = true;
    answered.emit('answered');
    answer(response, 200, { id: 'p1' });
  },
  '/api/prompts/broken': () => process.kill(process.pid, 'SIGKILL'),
  '/api/refuse': (_, response) => answer(response, 404, refusal),
  '/api/words': (_, response) => response.writeHead(500).end('no JSON'),
  '/api/dies-once': (_, response) => {
    dieOnce();
    answer(response, 200, { pid: process.pid });
  },
  '/api/logs/cut': (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write('half of it', () => process.kill(process.pid, 'SIGKILL'));
  },
  '/api/logs/long': (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end('ä'.repeat(500_000));
  }
};

// One task whose events and end a test has written down; it stays in its phase until it is canceled
// when `holds` is set.
const story = () => JSON.parse(fs.readFileSync(path.join(state, 'story.json'), 'utf8'));
let submitted = null;
let isCanceled = false;

// Questions of a login that a test has written down; nothing goes on before they are answered.
const answered = new EventEmitter();
let isAnswered = false;
const prompts = () => (isAnswered ? [] : (story().prompts ?? []));
const whenAnswered = go => (prompts().length === 0 ? go() : answered.once('answered', go));

function task(events, isDone) {
  const { end = {}, holds = false } = story();
  const waiting = { phase: 'preparing', publicPhase: 'pending', reason: story().reason ?? null };
  const phase = prompts().length > 0 ? waiting : { phase: 'running', publicPhase: 'running' };
  const canceled = { phase: 'canceled', publicPhase: 'canceled' };
  const completed = { phase: 'completed', publicPhase: 'completed', ...end };
  return {
    id: 'sl-fake', requestId: submitted?.requestId ?? 'none', kind: 'cell', origin: null,
    title: 'print()', sourceSha256: '0'.repeat(64), target: submitted?.target ?? 'here',
    scheduler: 'slurm', resources: {}, uncertain: false, reason: null, progress: null, jobId: '17',
    attempt: 0, node: 'n1', cancelRequested: isCanceled, submittedAt: 1000, queuedAt: 1000,
    startedAt: 2000, endedAt: null, lastIndex: events.length, variables: [], directory: null,
    notes: story().notes ?? [],
    ...(isCanceled ? canceled : isDone && !holds ? completed : phase)
  };
}

function batch(request, response) {
  fs.appendFileSync(path.join(state, 'batches'), '.');
  const events = (prompts().length > 0 ? [] : story().events).map((event, at) => ({
    task: 'sl-fake', index: at + 1, attempt: 0, seq: at + 1, ...event
  }));
  const after = Number(new URL(request.url, 'http://localhost').searchParams.get('after'));
  const some = events.slice(after, after + 2);
  const body = {
    task: task(events, prompts().length === 0 && after + some.length >= events.length),
    events: some,
    prompts: prompts(),
    revision: prompts().length
  };
  const isNews = some.length > 0 || !['running', 'preparing'].includes(body.task.phase);
  // Held back as the real one does, but so short that tests need not wait.
  setTimeout(() => answer(response, 200, body), isNews ? 0 : 200);
}

Object.assign(routes, {
  '/api/capture-kit': (_, response) => answer(response, 200, { ...story().kit, ...story().moreKit }),
  '/api/submit': (_, response, body) => {
    submitted = JSON.parse(body);
    fs.writeFileSync(path.join(state, 'submitted.json'), body);
    answer(response, 200, task(story().events, false));
  },
  '/api/plan': (_, response, body) => {
    fs.writeFileSync(path.join(state, 'submitted.json'), body);
    if (JSON.parse(body).waits) {
      response.on('close', () => fs.writeFileSync(path.join(state, 'given-up'), ''));
      return;
    }
    whenAnswered(() => answer(response, 200, story().plan));
  },
  '/api/prompts': (_, response) => answer(response, 200, { prompts: prompts(), revision: 1 }),
  '/api/doctor': (_, response) =>
    whenAnswered(() =>
      answer(response, 200, { id: 'd', target: 'moon', host: 'moon', state: 'passed', version: 1, steps: [], limits: null, proposal: null, savedTo: null })
    ),
  '/api/login/moon': (request, response) => {
    fs.writeFileSync(path.join(state, 'login.json'), JSON.stringify(request.headers));
    response.on('close', () => fs.writeFileSync(path.join(state, 'left'), ''));
    whenAnswered(() => answer(response, 200, { connection: { state: 'connected' } }));
  },
  '/api/events/sl-fake': batch,
  '/api/status/sl-fake': (_, response) => answer(response, 200, task([], true)),
  '/api/tasks': (_, response) => answer(response, 200, { tasks: [task([], true)] }),
  '/api/values/sl-fake': (_, response, body) => {
    fs.writeFileSync(path.join(state, 'value.json'), body);
    answer(response, 200, story().value);
  },
  '/api/trust/moon': (_, response, body) => {
    fs.writeFileSync(path.join(state, 'trust.json'), body);
    answer(response, 200, { target: 'moon', trust: JSON.parse(body).trust, path: '/c.toml' });
  },
  '/api/logs/sl-fake': (_, response) => response.end('all that it printed\n'),
  '/api/targets': (_, response) => answer(response, 200, story().targets),
  '/api/cancel/sl-fake': (_, response) => {
    isCanceled = true;
    answer(response, 200, task([], true));
  }
});

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', chunk => chunks.push(chunk));
  request.on('end', () => {
    const route = routes[request.url.split('?')[0]];
    const body = Buffer.concat(chunks).toString();
    route ? route(request, response, body) : answer(response, 404, refusal);
  });
});

const frames = new WebSocketServer({ server, path: '/api/events' });
frames.on('connection', (socket, request) => {
  socket.send(JSON.stringify({ url: request.url, headers: request.headers }));
  socket.on('close', (code, reason) =>
    fs.writeFileSync(path.join(state, 'closed'), `${code} ${reason}`)
  );
  socket.on('message', data => {
    const text = String(data);
    if (text === 'leave') {
      socket.close(4001, 'told to');
    } else if (text === 'die') {
      process.kill(process.pid, 'SIGKILL');
    } else {
      socket.send(`echo ${text}`);
    }
  });
});

fs.writeFileSync(path.join(state, 'pid'), String(process.pid));
fs.rmSync(socketPath, { force: true });
const mask = process.umask(0o177);
server.listen(socketPath, () => {
  process.umask(mask);
  const endpoint = { version: 1, unix: socketPath, pid: process.pid, protocol: 1 };
  fs.writeFileSync(path.join(state, 'endpoint.part'), JSON.stringify(endpoint), { mode: 0o600 });
  fs.renameSync(path.join(state, 'endpoint.part'), path.join(state, 'endpoint.json'));
  process.stdout.write('ready\n');
});
