import type { AdoptReport, FoundRun } from '../../shared/wire/adopt';
import { plainText } from './plain-text';
import { table } from './table';

const MINUTE_LENGTH = 'YYYY-MM-DDTHH:MM'.length;

const when = (ms: number | null): string =>
  ms === null ? '-' : new Date(ms).toISOString().slice(0, MINUTE_LENGTH).replace('T', ' ');

function row(run: FoundRun, isLook: boolean): string[] {
  const { task, adopted, problem, phase, jobId, host, submittedAt, title } = run;
  const became = problem !== null ? 'left' : adopted ? 'taken over' : isLook ? 'found' : 'left';
  return [became, task, phase, jobId ?? '-', when(submittedAt), host ?? '-', problem ?? title];
}

/** The runs that were found, and how to go on. */
export function adoptText({ target, root, found }: AdoptReport, isLook: boolean): string {
  if (found.length === 0) {
    return `Every run below ${plainText(root)} on ${target} is known here.\n`;
  }
  const head = ['', 'TASK', 'STATE', 'JOB', 'SUBMITTED (UTC)', 'FROM', 'WHAT'];
  const list = table(
    head,
    found.map(run => row(run, isLook))
  );
  const isAny = found.some(({ problem }) => problem === null);
  return isLook && isAny ? `${list}Take them over with \`sluice adopt ${target} [ID…]\`.\n` : list;
}
