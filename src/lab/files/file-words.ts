import type { TranslationBundle } from '@jupyterlab/translation';
import type { FileState, TaskFile } from '../../shared/wire/files';

/** Where a file is, in words. */
export function whereWords(state: FileState, target: string, trans: TranslationBundle): string {
  switch (state) {
    case 'there':
      return trans.__('on %1', target);
    case 'fetching':
      return trans.__('on its way');
    case 'home':
      return trans.__('here');
    case 'beside':
      return trans.__('here, beside the one that changed');
    case 'dismissed':
      return trans.__('given up');
    case 'taken':
      return trans.__('fetched as it is; also on %1', target);
    case 'gone':
      return trans.__('no longer on %1', target);
    case 'refused':
      return trans.__('on %1; it may not come here', target);
  }
}

/** What kind of file it is. */
export function kindWords(kind: TaskFile['kind'], trans: TranslationBundle): string {
  switch (kind) {
    case 'picture':
      return trans.__('picture');
    case 'table':
      return trans.__('table');
    case 'log':
      return trans.__('log');
    case 'text':
      return trans.__('text');
    case 'checkpoint':
      return trans.__('checkpoint');
    case 'archive':
      return trans.__('archive');
    case 'other':
      return trans.__('other');
  }
}
