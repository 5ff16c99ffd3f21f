import { shQuote } from '../../shared/sh-quote';
import { PROCESS_IDENTITY } from './process-identity';
import { readLines, sayLine } from './reply-lines';
import type { Answer, JobPlace, JobRef, JobReport, JobState, QueryOutcome } from './scheduler';

const say = (word: string): string => sayLine('job', `"$sluice_id $sluice_node ${word} $1"`);

/**
 * What is known of a job from its files and its processes. A job of another host cannot be judged
 * from here. Only a supervisor that is gone without a record, and its job with it, is lost.
 */
const LOOK = `sluice_read() {
  sluice_value=
  if [ -f "$1" ]; then IFS= read -r sluice_value <"$1"; fi
  [ -n "$sluice_value" ]
}

sluice_look() {
  sluice_read "$2/job-id" || return 0
  sluice_id=$sluice_value
  if [ -n "$3" ] && [ "$sluice_id" != "$3" ]; then return 0; fi
  sluice_read "$2/submit/host"
  sluice_node=\${sluice_value:--}
  if sluice_read "$2/submit/exit"; then
    ${say('exit $sluice_value')}
  elif [ "$sluice_node" != "$sluice_host" ]; then
    ${say('elsewhere')}
  elif sluice_is_alive "$sluice_id"; then
    if [ -f "$2/submit/started" ]; then
      ${say('running')}
    else
      ${say('pending')}
    fi
  elif sluice_read "$2/submit/exit"; then
    ${say('exit $sluice_value')}
  elif sluice_read "$2/submit/child" && sluice_is_alive "$sluice_value"; then
    ${say('running')}
  elif [ "\${sluice_id##*.}" != "$sluice_boot" ]; then
    ${say('rebooted')}
  else
    ${say('lost')}
  fi
}`;

function look({ key, directory }: JobPlace, jobId: string): string {
  return `sluice_look ${[key, directory, jobId].map(shQuote).join(' ')}`;
}

/** Text that tells the state of each of these jobs. */
export function buildProcessQuery(jobs: readonly JobRef[]): string {
  return [PROCESS_IDENTITY, LOOK, ...jobs.map(job => look(job, job.jobId))].join('\n');
}

/** Text that tells the job of this place, whatever its id. */
export function buildProcessSearch(place: JobPlace): string {
  return [PROCESS_IDENTITY, LOOK, look(place, '')].join('\n');
}

type Ending = Pick<JobReport, 'state' | 'token' | 'exitCode' | 'signal'>;

const WORDS: Readonly<Record<string, [JobState, string]>> = {
  pending: ['pending', 'PENDING'],
  running: ['running', 'RUNNING'],
  elsewhere: ['other', 'ON_ANOTHER_HOST'],
  rebooted: ['node-failed', 'REBOOTED'],
  lost: ['failed', 'KILLED']
};

/** Who ended the job, as its supervisor says it. */
const CANCELED = '1';
const TIMED_OUT = '2';

function ending(status: number, endedBy: string): Ending {
  // A shell tells a signal as 128 and its number.
  const signal = status > 128 ? status - 128 : null;
  const exit = { exitCode: signal === null ? status : null, signal };
  if (endedBy === CANCELED) {
    return { state: 'canceled', token: 'CANCELED', ...exit };
  }
  if (endedBy === TIMED_OUT) {
    return { state: 'timed-out', token: 'TIMEOUT', ...exit };
  }
  return status === 0
    ? { state: 'completed', token: 'COMPLETED', ...exit }
    : { state: 'failed', token: 'FAILED', ...exit };
}

function parseWord(word: string, status = '', endedBy = ''): Ending {
  if (word === 'exit' && /^\d+$/.test(status)) {
    return ending(Number(status), endedBy);
  }
  const [state, token] = WORDS[word] ?? ['other', word];
  return { state, token, exitCode: null, signal: null };
}

function parseJob(line: string): JobReport | null {
  const [, jobId, node = '-', words = '', key] =
    /^(\d+\.\S+) (\S+) (exit \d+ [012]|[a-z]+) (.*)$/.exec(line) ?? [];
  if (jobId === undefined || key === undefined) {
    return null;
  }
  const [word = '', status, endedBy] = words.split(' ');
  return {
    jobId,
    key,
    ...parseWord(word, status, endedBy),
    reasonToken: word === 'pending' ? 'Resources' : null,
    node: node === '-' ? null : node,
    restarts: 0,
    estimatedStart: null
  };
}

/** Read the answer to a query or a search. */
export function parseProcessAnswer(answer: Answer): QueryOutcome {
  if (answer.status !== 0) {
    const message = answer.stderr.trim() || `exit status ${answer.status}`;
    return { kind: 'unanswered', message };
  }
  const lines = readLines(answer.stdout).get('job') ?? [];
  return { kind: 'answered', reports: lines.flatMap(line => parseJob(line) ?? []) };
}
