import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { SluiceError } from '../../shared/errors';
import { type CommandContext, print } from '../command-context';
import { plainText } from '../print/plain-text';
import { unpack } from '../unpack';

function failure(id: string, folder: string, error: unknown): SluiceError {
  const { code, path } = error as NodeJS.ErrnoException;
  const problem =
    code === 'EEXIST'
      ? `${path ?? folder} is there already, and nothing is written over; name another directory`
      : (error as Error).message;
  const details = { path: `the files of ${id}`, host: 'the service', problem };
  return new SluiceError('download-failed', details, { cause: error });
}

/** Bring a task's files into a directory, by default one named after the task. */
export async function fetchFiles(
  context: CommandContext,
  id: string,
  directory?: string
): Promise<number> {
  const folder = resolve(context.cwd, directory ?? id);
  const { body } = await context.access.ask(client => client.fetch(id));
  if (body === null) {
    throw failure(id, folder, new Error('the answer is empty'));
  }
  const archive = Readable.fromWeb(body);
  const result = await unpack(archive, folder).catch((error: unknown) => {
    throw failure(id, folder, error);
  });
  print(context, { folder, ...result }, ({ files, skipped }) =>
    [
      ...files.map(file => `${plainText(file)}\n`),
      ...skipped.map(name => `skipped ${plainText(name)}: neither a file nor a folder below it\n`),
      `${files.length} files in ${folder}\n`
    ].join('')
  );
  return 0;
}
