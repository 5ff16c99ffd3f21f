import { shPath, shQuote } from '../../shared/sh-quote';
import { buildProbe, type HostFacts, parseProbe, type Wanted } from '../environments/probe-host';
import { readLines, sayLine } from '../schedulers/reply-lines';
import type { Answer, IScheduler, JobSpec, TestOutcome } from '../schedulers/scheduler';
import { checkPlaces } from '../sync/ask-script';

/** All that a dry run wants to know of a target. */
export type TargetQuestion = {
  scheduler: IScheduler;
  /** The job as asked for, then smaller ones. */
  jobs: readonly JobSpec[];
  wanted: Wanted;
  /** Below the root: which of them are there. */
  places: readonly string[];
  /** Anywhere: which of them exist. */
  paths: readonly string[];
};

export type TargetReply = {
  facts: HostFacts;
  /** Null: the scheduler cannot tell. */
  tests: TestOutcome[] | null;
  present: ReadonlySet<string>;
  found: ReadonlySet<string>;
};

function buildPlaces(root: string, places: readonly string[]): string {
  checkPlaces(places);
  // In a shell of its own: what follows stays where it is. Nothing is made, not even the root.
  return [
    `( cd ${shPath(root)} 2>/dev/null || exit 0`,
    'while IFS= read -r place; do',
    `  [ -e "$place" ] && ${sayLine('present', '"$place"')}`,
    `done <<'END_OF_PLACES'`,
    ...places,
    'END_OF_PLACES',
    ')'
  ].join('\n');
}

/** Text that says which of these paths exist, by their number. */
export function buildLook(paths: readonly string[]): string {
  return paths
    .map((path, index) => `[ -e ${shQuote(path)} ] && ${sayLine('found', `${index}`)}`)
    .join('\n');
}

/** Those of the paths that the answer to {@link buildLook} names. */
export function parseLook(stdout: string, paths: readonly string[]): Set<string> {
  const numbers = new Set(readLines(stdout).get('found') ?? []);
  return new Set(paths.filter((_, index) => numbers.has(`${index}`)));
}

/** One script for all of it; it reads only, and creates nothing. */
export function buildTargetQuestion(question: TargetQuestion): string {
  const { scheduler, jobs, wanted, places, paths } = question;
  return [
    buildProbe(wanted),
    buildPlaces(wanted.root, places),
    buildLook(paths),
    scheduler.buildTest(jobs) ?? '',
    sayLine('answered')
  ].join('\n');
}

/** Read the answer; null: it is not whole. */
export function parseTargetReply(answer: Answer, question: TargetQuestion): TargetReply | null {
  const { scheduler, jobs, paths } = question;
  const lines = readLines(answer.stdout);
  return lines.has('answered')
    ? {
        facts: parseProbe(answer.stdout, answer.stderr),
        tests: scheduler.buildTest(jobs) === null ? null : scheduler.parseTest(answer, jobs),
        present: new Set(lines.get('present') ?? []),
        found: parseLook(answer.stdout, paths)
      }
    : null;
}
