import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { waitUntil } from '../../testbed/wait-until.ts';
import { BenchError } from '../bench-error.ts';
import { LineProcess } from '../line-process.ts';

const JUPYTER = resolve(import.meta.dirname, '../../.venv/bin/jupyter');
const START_TIMEOUT_MS = 60_000;

/** A JupyterLab of a benchmark's own; notebooks lie in `root`. */
export type JupyterServer = {
  url: string;
  token: string;
  root: string;
  endKernels: () => Promise<void>;
  end: () => Promise<void>;
};

/** Starts JupyterLab with nothing of the person's settings; returns once it answers. */
export async function startJupyter(
  scratch: string,
  environment: Readonly<Record<string, string>>
): Promise<JupyterServer> {
  const token = randomBytes(16).toString('hex');
  const root = join(scratch, 'notebooks');
  const runtime = join(scratch, 'runtime');
  await mkdir(root, { recursive: true });
  const asRoot = process.getuid?.() === 0 ? ['--allow-root'] : [];
  const words = ['lab', '--no-browser', '--port=0', ...asRoot];
  const settings = await writeSettings(scratch);
  const child = spawn(JUPYTER, [...words, `--ServerApp.root_dir=${root}`], {
    cwd: root,
    env: {
      ...process.env,
      ...environment,
      JUPYTER_TOKEN: token,
      JUPYTER_CONFIG_DIR: join(scratch, 'config'),
      JUPYTER_RUNTIME_DIR: runtime,
      JUPYTERLAB_SETTINGS_DIR: settings,
      JUPYTERLAB_WORKSPACES_DIR: join(scratch, 'workspaces')
    },
    stdio: ['ignore', 'ignore', 'pipe']
  });
  const server = new LineProcess('JupyterLab', child);
  const found: { url?: string } = {};
  const isUp = async (): Promise<boolean> => {
    found.url = await readUrl(runtime);
    return found.url !== undefined && (await isAnswering(found.url));
  };
  if (!(await waitUntil(isUp, START_TIMEOUT_MS, 100)) || found.url === undefined) {
    await server.end();
    throw new BenchError(`JupyterLab does not answer within ${START_TIMEOUT_MS / 1000} s.`);
  }
  const { url } = found;
  return { url, token, root, endKernels: () => endKernels(url, token), end: () => server.end() };
}

/** Keeps JupyterLab from asking and fetching things in the middle of a measurement. */
async function writeSettings(scratch: string): Promise<string> {
  const settings = join(scratch, 'settings');
  const folder = join(settings, '@jupyterlab/apputils-extension');
  await mkdir(folder, { recursive: true });
  const quiet = JSON.stringify({ fetchNews: 'false', checkForUpdates: false });
  await writeFile(join(folder, 'notification.jupyterlab-settings'), quiet);
  return settings;
}

async function readUrl(runtime: string): Promise<string | undefined> {
  const names = await readdir(runtime).catch(() => []);
  const name = names.find(each => /^jpserver-\d+\.json$/.test(each));
  if (name === undefined) {
    return undefined;
  }
  try {
    return (JSON.parse(await readFile(join(runtime, name), 'utf8')) as { url: string }).url;
  } catch {
    // Being written at this moment.
    return undefined;
  }
}

async function endKernels(url: string, token: string): Promise<void> {
  const headers = { Authorization: `token ${token}` };
  const answer = await fetch(`${url}api/kernels`, { headers });
  for (const { id } of (await answer.json()) as { id: string }[]) {
    await fetch(`${url}api/kernels/${id}`, { method: 'DELETE', headers });
  }
}

async function isAnswering(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}api`)).ok;
  } catch {
    return false;
  }
}
