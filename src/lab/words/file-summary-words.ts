import type { TranslationBundle } from '@jupyterlab/translation';
import type { FileSummary } from '../../shared/wire/files';
import { formatBytes } from './format-bytes';

/** What a task wrote and where that is, such as “14 files, 2.1 GB: 3 came home, 11 on curnagl”. */
export function fileSummaryWords(
  { count, bytes, home, there }: FileSummary,
  target: string,
  trans: TranslationBundle
): string {
  const all = trans._n('%1 file, %2', '%1 files, %2', count, formatBytes(bytes));
  if (home === count) {
    return trans._n('%2: it came home', '%2: all came home', count, all);
  }
  const others = count - home - there;
  const parts = [
    home > 0 ? trans._n('%1 came home', '%1 came home', home) : null,
    there > 0 ? trans._n('%1 on %2', '%1 on %2', there, target) : null,
    others > 0 ? trans._n('%1 given up', '%1 given up', others) : null
  ];
  return `${all}: ${parts.filter(part => part !== null).join(', ')}`;
}
