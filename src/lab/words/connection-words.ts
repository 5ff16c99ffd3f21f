import type { TranslationBundle } from '@jupyterlab/translation';
import type { Connection } from '../../shared/wire/connection';

/** How a target's connection is, in a word or two; empty: nothing was asked of it yet, or it is here. */
export function connectionWords(connection: Connection | null, trans: TranslationBundle): string {
  if (connection?.via === 'local') {
    return '';
  }
  switch (connection?.state) {
    case undefined:
    case 'idle':
      return '';
    case 'connecting':
      return trans.__('connecting');
    case 'asking':
      return trans.__('asks for a login');
    case 'connected':
      return trans.__('connected');
    case 'needs-login':
      return trans.__('needs login');
    case 'paused':
      return trans.__('logins are paused');
  }
}
