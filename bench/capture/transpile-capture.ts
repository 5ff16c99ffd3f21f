import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { transformFile } from '@swc/core';

const root = resolve(import.meta.dirname, '../..');

/** What a scan of the disk is made of. */
const FOLDERS = ['shared', 'capture', 'capture/python', 'service/sync'];

/** Write our own code as plain Node loads it, as the service's bundle has it. */
export async function transpileCapture(
  target: string,
  folders: readonly string[] = FOLDERS
): Promise<void> {
  for (const folder of folders) {
    await mkdir(join(target, folder), { recursive: true });
    const names = await readdir(join(root, 'src', folder));
    for (const name of names.filter(each => each.endsWith('.ts'))) {
      const { code } = await transformFile(join(root, 'src', folder, name), {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'commonjs' }
      });
      await writeFile(join(target, folder, name.replace(/\.ts$/, '.js')), code);
    }
  }
  await symlink(join(root, 'node_modules'), join(target, 'node_modules'));
}
