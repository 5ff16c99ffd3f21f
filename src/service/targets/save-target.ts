import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SluiceError } from '../../shared/errors';
import { readConfigFile } from './config-file';
import { editTarget, type TargetEdit } from './edit-target';

type Current = { path: string; text: string; mode: number };

const PRIVATE = 0o600;

/** The file behind links, so that a link to it stays one. */
async function readCurrent(path: string): Promise<Current> {
  try {
    const real = await realpath(path);
    const { mode } = await stat(real);
    return { path: real, text: await readFile(real, 'utf8'), mode: mode & 0o777 };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return { path, text: '', mode: PRIVATE };
    }
    throw error;
  }
}

async function replaceFile({ path, mode }: Current, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const aside = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(aside, text, { mode: PRIVATE, flag: 'wx', flush: true });
    await chmod(aside, mode);
    // What Sluice could not read afterwards is never put in place.
    readConfigFile(aside);
    await rename(aside, path);
  } finally {
    await rm(aside, { force: true });
  }
}

function refuse(path: string, problem: string, cause?: unknown): SluiceError {
  return new SluiceError('config-not-written', { path, problem }, { cause });
}

/** Nothing of another host's target becomes this one's. */
function checkHost(path: string, name: string, edits: readonly TargetEdit[]): void {
  const known = readConfigFile(path)?.targets[name];
  const host = edits.find(({ key }) => key === 'host')?.value;
  if (name === 'here') {
    throw refuse(path, '“here” is this machine; choose another name');
  }
  if (known !== undefined && host !== undefined && known.host !== host) {
    throw refuse(path, `it has a target “${name}” already, for another host; choose another name`);
  }
}

/**
 * Set keys of a target in the person's configuration file, all else untouched; the file is made when
 * there is none (0600), and replaced by rename.
 *
 * Errors: `config-not-written`.
 */
export async function saveTarget(
  path: string,
  name: string,
  edits: readonly TargetEdit[]
): Promise<void> {
  try {
    const current = await readCurrent(path);
    checkHost(path, name, edits);
    const edited = editTarget(current.text, name, edits);
    if ('problem' in edited) {
      throw refuse(path, edited.problem);
    }
    await replaceFile(current, edited.text);
  } catch (error) {
    if (!(error instanceof SluiceError)) {
      throw refuse(path, (error as Error).message, error);
    }
    const problem = error.details['problem'];
    throw error.code === 'config-invalid' ? refuse(path, String(problem), error) : error;
  }
}
