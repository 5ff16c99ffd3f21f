import { readFileSync } from 'node:fs';
import { at, inVenv, python } from '../checkout.mjs';
import { installPackages } from '../install-packages.mjs';
import { runQuietly, tryQuietly } from '../run.mjs';
import { PlainError, say } from '../say.mjs';

const basePython = () => process.env.SLUICE_PYTHON ?? 'python3';

/** The exact version of a package that requirements-dev.txt names. */
function pinOf(name) {
  const line = readFileSync(at('requirements-dev.txt'), 'utf8')
    .split('\n')
    .find(line => line.startsWith(`${name}==`));
  return line?.split(/[\s;]/)[0] ?? name;
}

async function createEnvironment() {
  const isNew = 'import sys; sys.exit(sys.version_info < (3, 11))';
  if ((await tryQuietly(basePython(), ['-c', isNew])).status !== 0) {
    throw new PlainError(`${basePython()} is older than 3.11: set SLUICE_PYTHON to a newer Python`);
  }
  const { status, output } = await tryQuietly(basePython(), ['-m', 'venv', '--clear', at('.venv')]);
  if (status !== 0) {
    throw new PlainError(`${output}\ncannot make .venv: on Debian, apt-get install python3-venv`);
  }
}

async function installUv() {
  const { status, output } = await tryQuietly(python, ['-m', 'pip', 'install', '-q', pinOf('uv')]);
  if (status !== 0) {
    say(`uv cannot be installed, pip does its work: ${output.trim().split('\n').at(-1)}`);
  }
}

/** .venv with the packages that requirements-dev.txt pins. */
export const pythonEnvironment = {
  name: 'venv',
  doing: '.venv with the packages of requirements-dev.txt (up to two minutes)',
  inputs: ['requirements-dev.txt'],
  extra: basePython,
  outputs: ['.venv/bin/python', '.venv/bin/jupyter'],
  run: async () => {
    await createEnvironment();
    await installUv();
    await installPackages(['-r', at('requirements-dev.txt')]);
    await runQuietly(inVenv('jupyter'), ['--version']);
  }
};
