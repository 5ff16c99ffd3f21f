import { isAbsolute, resolve } from 'node:path';
import { fileStateWords, fileWords } from '../../shared/file-words';
import { sizeWords } from '../../shared/size-words';
import type { FileList, TaskFile } from '../../shared/wire/files';
import { type CommandContext, print } from '../command-context';
import { plainText } from '../print/plain-text';
import { table } from '../print/table';

export type FilesOrder = { dismiss: boolean };

/** As many as one answer may have: a list can have hundreds of thousands. */
const PAGE = 5000;
const LOOK_EVERY_MS = 300;

async function allFiles(context: CommandContext, id: string): Promise<FileList> {
  const files: TaskFile[] = [];
  for (let offset = 0; ;) {
    const at = offset;
    const page = await context.access.ask(client => client.files(id, { offset: at, limit: PAGE }));
    files.push(...page.files);
    if (page.nextOffset === null) {
      return { ...page, files };
    }
    offset = page.nextOffset;
  }
}

function rowOf(target: string): (file: TaskFile) => string[] {
  return file => [
    file.path,
    sizeWords(file.bytes),
    file.kind,
    fileStateWords(file, target),
    file.localPath ?? file.reason ?? ''
  ];
}

/** The files that a task wrote, and where each is. */
export async function files(
  context: CommandContext,
  id: string,
  { dismiss }: FilesOrder
): Promise<number> {
  const { access } = context;
  const { target } = await access.ask(client => client.task(id));
  if (dismiss) {
    await access.ask(client => client.actOnFiles(id, { action: 'dismiss', paths: null }));
  }
  const list = await allFiles(context, id);
  print(context, list, () =>
    list.summary.count === 0
      ? 'It wrote no files.\n'
      : table(['FILE', 'SIZE', 'KIND', 'WHERE', ''], list.files.map(rowOf(target))) +
        `${plainText(fileWords(list.summary, target))}\n`
  );
  return 0;
}

/** Bring some files of a task to their places, or into a folder; waits until they are settled. */
export async function fetchSome(
  context: CommandContext,
  id: string,
  order: { paths: string[]; directory?: string | undefined }
): Promise<number> {
  const { access, cwd } = context;
  const { paths, directory } = order;
  const into = directory === undefined ? null : resolve(cwd, directory);
  const { target } = await access.ask(client => client.task(id));
  await access.ask(client => client.actOnFiles(id, { action: 'fetch', paths, into }));
  const settled = await waitForAll(context, id, paths);
  print(context, settled, list =>
    list.map(file => `${plainText(wordsOf(file, target))}\n`).join('')
  );
  return settled.every(({ localPath }) => localPath !== null && isAbsolute(localPath)) ? 0 : 1;
}

function wordsOf(file: TaskFile, target: string): string {
  const { path, localPath, reason } = file;
  const why = reason === null ? '' : `: ${reason}`;
  return localPath === null
    ? `${path} ${fileStateWords(file, target)}${why}`
    : `${localPath}${why}`;
}

async function waitForAll(
  context: CommandContext,
  id: string,
  paths: string[]
): Promise<TaskFile[]> {
  for (let said = ''; ;) {
    const look = { action: 'look', paths } as const;
    const { files: own } = await context.access.ask(client => client.actOnFiles(id, look));
    if (own.every(({ state }) => state !== 'fetching')) {
      return own;
    }
    const { progress } = await context.access.ask(client => client.task(id));
    if (progress !== null && progress !== said && !context.isJson) {
      context.err(`sluice: ${plainText(progress)}\n`);
      said = progress;
    }
    await new Promise(done => setTimeout(done, LOOK_EVERY_MS));
  }
}
