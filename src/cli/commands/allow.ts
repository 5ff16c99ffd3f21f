import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { SluiceError } from '../../shared/errors';
import type { Consent } from '../../shared/wire/decide';
import { type CommandContext, print } from '../command-context';
import { plainLines, plainText } from '../print/plain-text';

type Asked = Consent & { keys: string };

const PROJECT_FILE = 'sluice.toml';

async function fileAt(cwd: string, given: string): Promise<string> {
  const path = resolve(cwd, given);
  try {
    return (await stat(path)).isDirectory() ? join(path, PROJECT_FILE) : path;
  } catch (cause) {
    throw new SluiceError('not-found', { what: 'project file', id: path }, { cause });
  }
}

/** What the service says that the file needs the person's word for; null: nothing. */
async function whatIsAsked({ access }: CommandContext, path: string): Promise<Asked | null> {
  try {
    await access.ask(client => client.targets(dirname(path)));
    return null;
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== 'project-consent') {
      throw error;
    }
    const { path: real, sha256, keys } = error.details;
    return { path: String(real), sha256: String(sha256), keys: String(keys) };
  }
}

/** The bytes that the service saw, as text; they are what the answer is about. */
async function textOf({ path, sha256, keys }: Asked): Promise<string> {
  const bytes = await readFile(path);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw new SluiceError('project-consent', { path, sha256, keys });
  }
  return bytes.toString();
}

const QUESTION = 'Allow this file, as it is now? [y/N]';

async function isAllowed({ terminal }: CommandContext, asked: Asked): Promise<boolean> {
  if (terminal === null) {
    throw new SluiceError('project-consent', asked);
  }
  const { signal } = new AbortController();
  const answer = await terminal.ask({ label: QUESTION, isSecret: false, signal });
  return /^y(es)?$/i.test(answer?.trim() ?? '');
}

/** Show what a project's file asks for, and allow it when the person says so. */
export async function allow(
  context: CommandContext,
  given: string,
  isSure: boolean
): Promise<number> {
  const { out, err, cwd } = context;
  const asked = await whatIsAsked(context, await fileAt(cwd, given));
  if (asked === null) {
    out('This project asks for nothing that you must allow, or you have allowed it before.\n');
    return 0;
  }
  const { path, sha256, keys } = asked;
  const text = plainLines(await textOf(asked)).replace(/^/gm, '    ');
  err(`${plainText(path)} sets ${plainText(keys)}:\n\n${text.trimEnd()}\n\n`);
  if (!isSure && !(await isAllowed(context, asked))) {
    err('Nothing was allowed.\n');
    return 1;
  }
  await context.access.ask(client => client.consent({ path, sha256 }));
  print(context, { path, sha256 }, () => `Allowed until ${plainText(path)} changes.\n`);
  return 0;
}
