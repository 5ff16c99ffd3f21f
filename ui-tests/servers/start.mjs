// start.mjs OPEN,LOGIN,MISSING,READY PID: the servers of the user stories and a testbed, until SIGTERM
// or until the process PID is gone. The last port answers 200 once everything is up. What it starts it ends, by process id.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { at, checkoutEnv, inVenv } from '../../scripts/setup/checkout.mjs';
import { findNode24 } from '../../scripts/setup/node-24.mjs';
import { addStandIns, addTargets, HOSTS_THAT_ASK } from './add-targets.mjs';

const [open, login, missing, ready] = process.argv[2].split(',');
const home = await mkdtemp(path.join(tmpdir(), 'sluice-ui-'));
const testbedDir = path.join(home, 'testbed');
const hostsDir = path.join(home, 'hosts');
const states = ['open', 'login', 'missing'].map(name => path.join(home, `state-${name}`));
const standIns = path.join(home, 'stand-ins');
const children = [];
let isEnding = false;

function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: checkoutEnv(),
      stdio: ['ignore', 'pipe', 'inherit']
    });
    let text = '';
    child.stdout.on('data', chunk => (text += chunk));
    child.once('error', reject);
    child.once('close', status =>
      status === 0
        ? resolve(text)
        : reject(new Error(`${program} ${args.join(' ')}: status ${status}`))
    );
  });
}

const testbed = async (...args) =>
  run(await findNode24(), [at('testbed/main.ts'), ...args, '--dir', testbedDir]);

/** `export NAME='VALUE'` lines as an object. */
const parseExports = text =>
  Object.fromEntries(
    [...text.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name, value]) => [name, value])
  );

async function startJupyter(app, name, port, state, env) {
  const root = path.join(home, `root-${name}`);
  await mkdir(root);
  const child = spawn(inVenv('jupyter'), [app, '--config', at(`ui-tests/servers/${name}.py`)], {
    env: checkoutEnv({
      ...env,
      PATH: `${standIns}:${checkoutEnv().PATH ?? process.env.PATH}`,
      SLUICE_STATE: state,
      // What nodes of the testbed look up: no name outside this machine.
      SLUICE_NETWORK_NAME: 'localhost',
      SLUICE_UI_PORT: port,
      SLUICE_UI_ROOT: root,
      JUPYTERLAB_GALATA_ROOT_DIR: root,
      JUPYTER_CONFIG_DIR: path.join(home, 'jupyter'),
      JUPYTER_RUNTIME_DIR: path.join(home, `runtime-${name}`)
    }),
    stdio: ['ignore', 'ignore', 'inherit']
  });
  child.once('exit', status => isEnding || end(`the Jupyter server "${name}" ended (${status})`));
  children.push(child);
}

/** Hosts that ask a person before they let in; resolves when they listen. */
async function startHostsThatAsk() {
  await mkdir(hostsDir);
  const script = at('ui-tests/servers/two-factor.mjs');
  const child = spawn(process.execPath, [script, hostsDir, ...HOSTS_THAT_ASK], {
    env: checkoutEnv(),
    stdio: ['ignore', 'pipe', 'inherit']
  });
  children.push(child);
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', status => reject(new Error(`the hosts that ask ended (${status})`)));
  });
}

async function endService(state) {
  let endpoint;
  try {
    endpoint = JSON.parse(await readFile(path.join(state, 'endpoint.json'), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') {
      return;
    }
    throw error;
  }
  try {
    process.kill(endpoint.pid);
  } catch (error) {
    if (error.code !== 'ESRCH') {
      throw error;
    }
  }
}

async function end(problem) {
  if (isEnding) {
    return;
  }
  isEnding = true;
  for (const child of children) {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise(resolve => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    }
  }
  await Promise.all(states.map(endService));
  await testbed('down', '--remove');
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
  if (problem) {
    console.error(problem);
  }
  process.exit(problem ? 1 : 0);
}

async function areUp() {
  const answers = [open, login, missing].map(async port => {
    const { status } = await fetch(`http://localhost:${port}/api`);
    return status === 200;
  });
  return (await Promise.allSettled(answers)).every(({ value }) => value === true);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

// A runner that is killed cannot say so.
const runner = Number(process.argv[3]);
setInterval(() => isAlive(runner) || end('the test runner is gone'), 1000);
process.on('SIGTERM', () => end(null));
process.on('SIGINT', () => end(null));

await addStandIns(standIns);
await testbed('up');
const env = parseExports(await testbed('env'));
await startHostsThatAsk().catch(error => end(error.message));
await addTargets(env.SLUICE_CONFIG, hostsDir);
await startJupyter('lab', 'open', open, states[0], env);
await startJupyter('lab', 'login', login, states[1], env);
await startJupyter('lab', 'missing', missing, states[2], env);
createServer(async (_, response) => {
  response.statusCode = (await areUp()) ? 200 : 503;
  response.end();
}).listen(Number(ready), 'localhost');
