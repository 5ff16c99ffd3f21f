import type { TranslationBundle } from '@jupyterlab/translation';
import type { Targets } from '../../shared/wire/service';
import type { TargetChoice } from '../notebook/cell-target';
import { connectionWords } from '../words/connection-words';
import type { Option, Question } from './choose';

/** A target for this cell, or null: what the notebook or the default says. */
export type TargetAnswer = { target: string | null };

/** The question on which target a cell runs: says which it is now, and who set that. */
export function targetQuestion(
  targets: Targets,
  choice: TargetChoice | null,
  trans: TranslationBundle
): Question<TargetAnswer> {
  const now = choice?.target ?? targets.default;
  const options = targets.targets.map(target => ({
    value: { target: target.name },
    label: labelOf(target, target.name === now ? nowWords(choice, trans) : '', trans),
    isChosen: target.name === now
  }));
  const known = options.some(({ isChosen }) => isChosen);
  return {
    title: trans.__('Where does this cell run?'),
    words: known
      ? trans.__('Your choice is kept with the cell.')
      : trans.__('Now it is for “%1” (%2), which is not known here.', now, whoWords(choice, trans)),
    options: [...options, ...(choice?.by === 'cell' ? [withoutChoice(targets, trans)] : [])],
    accept: trans.__('Choose'),
    cancel: trans.__('Cancel')
  };
}

function withoutChoice(targets: Targets, trans: TranslationBundle): Option<TargetAnswer> {
  return {
    value: { target: null },
    label: trans.__('As the notebook says, else the default (%1)', targets.default)
  };
}

function labelOf(
  { name, host, scheduler, connection }: Targets['targets'][number],
  now: string,
  trans: TranslationBundle
): string {
  const place = host === null ? trans.__('this machine') : host;
  const kind = scheduler === 'slurm' ? 'Slurm' : trans.__('without Slurm');
  const head = place === name ? `${name} (${kind})` : `${name} (${place}, ${kind})`;
  return [head, connectionWords(connection, trans), now].filter(part => part !== '').join(' · ');
}

function nowWords(choice: TargetChoice | null, trans: TranslationBundle): string {
  return trans.__('now, %1', whoWords(choice, trans));
}

function whoWords(choice: TargetChoice | null, trans: TranslationBundle): string {
  switch (choice?.by) {
    case undefined:
      return trans.__('the default');
    case 'cell':
      return trans.__('set by this cell');
    case 'notebook':
      return trans.__('set by the notebook');
    case 'magic':
      return trans.__('set by the first line of the cell');
  }
}
