import { sizeWords } from './size-words';
import type { FileSummary, TaskFile } from './wire/files';

/** “14 files, 2.1 GB: 3 came home, 11 on curnagl”. */
export function fileWords(
  { count, bytes, home, there, taken = 0 }: FileSummary,
  target: string
): string {
  const files = count === 1 ? '1 file' : `${count} files`;
  const where = [
    ...(home > 0 ? [`${home} came home`] : []),
    ...(taken > 0 ? [`${taken} fetched as they are`] : []),
    ...(there > 0 ? [`${there} on ${target}`] : [])
  ].join(', ');
  return `${files}, ${sizeWords(bytes)}: ${where === '' ? 'none wanted' : where}`;
}

/** Where one file is, for a list. */
export function fileStateWords({ state }: Pick<TaskFile, 'state'>, target: string): string {
  switch (state) {
    case 'there':
      return `on ${target}`;
    case 'fetching':
      return 'on its way';
    case 'home':
      return 'came home';
    case 'beside':
      return 'came beside';
    case 'dismissed':
      return 'not wanted';
    case 'taken':
      return 'fetched as it is';
    case 'gone':
      return 'gone';
    case 'refused':
      return `stays on ${target}`;
  }
}
