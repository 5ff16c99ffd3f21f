import type { TranslationBundle } from '@jupyterlab/translation';
import type { TaskEvent } from '../../shared/wire/events';

/** What a job says when it was told to leave soon. */
export type Notice = Extract<TaskEvent, { type: 'notice' }>['data'];

/** What happens then, in words. */
export function noticeWords({ cause }: Notice, trans: TranslationBundle): string {
  return cause === 'time-limit'
    ? trans.__('the time limit is near, saving what is there')
    : trans.__('it was asked to leave, saving what is there');
}
