import type { TranslationBundle } from '@jupyterlab/translation';
import type { DoctorProposal, DoctorReport, DoctorStep } from '../../shared/wire/doctor';

/** How a step ended, in a word. */
export function stepWord(state: DoctorStep['state'], trans: TranslationBundle): string {
  switch (state) {
    case 'waiting':
      return trans.__('waiting');
    case 'running':
      return trans.__('running');
    case 'passed':
      return trans.__('passed');
    case 'warning':
      return trans.__('look at this');
    case 'failed':
      return trans.__('failed');
    case 'skipped':
      return trans.__('skipped');
  }
}

/** How far the check is, or how it ended, in a sentence. */
export function checkWords(report: DoctorReport, trans: TranslationBundle): string {
  const { state, steps, target } = report;
  switch (state) {
    case 'running': {
      const step = steps.find(one => one.state === 'running');
      return step ? trans.__('Checking: %1…', step.title) : trans.__('Checking…');
    }
    case 'passed': {
      const warnings = steps.filter(one => one.state === 'warning').length;
      return warnings === 0
        ? trans.__('%1 is ready.', target)
        : trans._n(
            '%2 works; %1 thing is worth a look.',
            '%2 works; %1 things are worth a look.',
            warnings,
            target
          );
    }
    case 'failed': {
      const first = firstFailed(report);
      return first
        ? trans.__('%1 does not work yet: it fails at “%2”.', target, first.title)
        : trans.__('%1 does not work yet.', target);
    }
    case 'canceled':
      return trans.__('The check was canceled.');
  }
}

/** The step at which it goes wrong; those after it follow from it. */
export function firstFailed({ steps }: DoctorReport): DoctorStep | null {
  return steps.find(({ state }) => state === 'failed') ?? null;
}

/** The name that is offered; an older service says it in the table alone. */
export function proposedName({ name, toml }: DoctorProposal): string {
  if (name !== undefined) {
    return name;
  }
  return /^\[targets\.(?:"([^"]+)"|([\w-]+))\]/m.exec(toml)?.slice(1).find(Boolean) ?? '';
}

/** Whether a target may be called so. */
export function isTargetName(name: string): boolean {
  return /^[\w.-]+$/.test(name);
}
