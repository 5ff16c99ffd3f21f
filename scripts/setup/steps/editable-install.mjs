import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { at, inVenv } from '../checkout.mjs';
import { installPackages } from '../install-packages.mjs';
import { runQuietly } from '../run.mjs';

const share = '.venv/share/jupyter/labextensions/jupyterlab-sluice';
const config = '.venv/etc/jupyter/jupyter_server_config.d/jupyterlab_sluice.json';

// The extension's folder is real and only its entries are links, so that uninstalling the package
// empties that folder and never the build behind it.
const links = {
  [`${share}/package.json`]: 'sluice/labextension/package.json',
  [`${share}/schemas`]: 'sluice/labextension/schemas',
  [`${share}/static`]: 'sluice/labextension/static',
  [`${share}/install.json`]: 'install.json',
  [config]: 'jupyter-config/server-config/jupyterlab_sluice.json'
};

function linkBuild() {
  for (const [link, target] of Object.entries(links)) {
    mkdirSync(dirname(at(link)), { recursive: true });
    symlinkSync(relative(dirname(at(link)), at(target)), at(link));
  }
}

function removeShared() {
  rmSync(at(share), { recursive: true, force: true });
  rmSync(at(config), { force: true });
}

async function install() {
  removeShared();
  // Our own set-up has built everything; the packaging hook would run npm once more.
  const env = { SKIP_JUPYTER_BUILDER: '1' };
  await installPackages(['--no-deps', '--no-build-isolation', '-e', at()], env);
  removeShared();
  linkBuild();
  await runQuietly(inVenv('sluice'), ['--help']);
}

/** The checkout in .venv: importable, its command, its server extension and its labextension. */
export const editableInstall = {
  name: 'install',
  doing: 'this checkout into .venv, editable',
  inputs: ['pyproject.toml', 'install.json', 'jupyter-config', 'requirements-dev.txt'],
  outputs: ['.venv/bin/sluice', ...Object.keys(links)],
  run: install
};
