// A service for tests of its callers: shows what it was asked, and has the faults that the real
// one cannot have on demand. FAKE_START, FAKE_VERSION, FAKE_PROTOCOL choose them.
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
