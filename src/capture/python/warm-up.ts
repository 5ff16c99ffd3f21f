import type { FileDigest, IFileTree } from '../file-tree';
import { resolvePath } from '../posix-path';
import { CaptureMemory } from './capture-memory';
import { followImports } from './follow-imports';

const MODULES = 24;
const ROUNDS = 2;
const ROOT = '/warm';

const CELL = `import numpy as np
from pathlib import Path
import package.part0
%time package.part0.run(np.load(Path("data") / f"{name}.npy"))`;

function moduleSource(part: number): string {
  const next = (part + 1) % MODULES;
  const plain = `"""Part."""
import os, json
from . import part${next}
from .part${next} import run as other


def run(x, y=${part}):
    """Add."""
    z = [x * j + y for j in range(10)]
    return sum(z) / (len(z) or 1)
`;
  // Every other one names files, so that it is parsed as a whole.
  return part % 2 === 0
    ? plain
    : `${plain}\nwith open(os.path.join("data", "x.csv")) as f:\n    f.read()\n`;
}

/** A project that is nowhere but here. */
function imaginaryFiles(): IFileTree {
  const names = Array.from({ length: MODULES }, (_, part) => `part${part}.py`);
  const sources = new Map(
    names.map((name, part) => [`${ROOT}/package/${name}`, moduleSource(part)])
  );
  sources.set(`${ROOT}/package/__init__.py`, "from .part0 import run\n__all__ = ['run']\n");
  const folders = new Map([
    [ROOT, ['package']],
    [`${ROOT}/package`, ['__init__.py', ...names]]
  ]);
  const bytesOf = (path: string): Uint8Array =>
    Uint8Array.from(sources.get(path) ?? '', character => character.charCodeAt(0));
  const digest = (path: string): FileDigest => {
    const content = bytesOf(path);
    return { sha256: path, bytes: content.length, mode: 0o644, content };
  };
  return {
    stat: async path => {
      const kind = sources.has(path) ? 'file' : folders.has(path) ? 'folder' : null;
      return kind && { kind, bytes: 0, mode: 0o644, id: path };
    },
    read: async path => bytesOf(path),
    digest: async path => digest(path),
    list: async path => folders.get(resolvePath('/', path)) ?? null,
    sha256: () => '',
    decode: bytes => String.fromCharCode(...bytes)
  };
}

/**
 * Capture a small project that is nowhere, so that the engine has compiled what the first real
 * capture runs: without it a person's first plan takes three times as long. Gives how many modules
 * that were.
 */
export async function warmUpCapture(): Promise<number> {
  const capture = {
    python: null,
    cwd: ROOT,
    sysPath: [ROOT],
    installedRoots: [],
    modules: [],
    constants: { name: ['x'] }
  };
  const memory = new CaptureMemory();
  let modules = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const captured = await followImports({
      source: CELL,
      capture,
      files: imaginaryFiles(),
      memory
    });
    modules += captured.modules.length - 1;
  }
  return modules;
}
