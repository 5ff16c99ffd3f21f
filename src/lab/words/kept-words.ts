import type { TranslationBundle } from '@jupyterlab/translation';
import type { HomeVariable } from '../../shared/wire/task';
import { formatBytes } from './format-bytes';

type Kept = Pick<HomeVariable, 'name' | 'type' | 'bytes' | 'kept'>;

/** Where a kept value is, and why it did not come by itself; without its name. */
export function keptWords(variable: Kept, target: string, trans: TranslationBundle): string {
  const size = formatBytes(variable.bytes);
  return variable.kept === 'withheld'
    ? trans.__('(%1, %2) is here as a pickle and was not loaded', variable.type, size)
    : trans.__('(%1, %2) is on %3', variable.type, size, target);
}

/** What its button says. */
export function keptAction({ kept }: Kept, trans: TranslationBundle): string {
  return kept === 'withheld' ? trans.__('Load…') : trans.__('Fetch');
}

/** The same in full, for a tooltip and a screen reader. */
export function keptActionName({ name, kept }: Kept, trans: TranslationBundle): string {
  return kept === 'withheld'
    ? trans.__('Load “%1” into the kernel', name)
    : trans.__('Fetch “%1” into the kernel', name);
}
