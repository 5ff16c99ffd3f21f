import { shQuote } from '../../shared/sh-quote';
import { buildJobScript } from './job-script';
import { readLines, sayEachLine, sayLine } from './reply-lines';
import { isBeyondOutputOption, sbatchOptions } from './sbatch-options';
import type { Answer, JobSpec, SubmitOutcome, TestOutcome } from './scheduler';
import { SLURM_ENVIRONMENT } from './slurm-environment';
import { slurmTime } from './slurm-states';
import { buildSubmitStub, parseSubmitReply } from './submit-stub';

/** sbatch says these when nothing was handed over: it got no connection, or the controller sent it away. */
const UNREACHED = [
  'Unable to contact slurm controller (connect failure)',
  'Batch job submission failed: Rate limit exceeded, please retry momentarily'
] as const;

/** Whole causes after which the controller may have taken the job, though sbatch failed. */
const DOUBTFUL_CAUSES = [
  'Unable to contact slurm controller(?: \\(\\w+ failure\\))?',
  '(?:Communication|Message) \\w+ failure',
  'Unexpected message received',
  'Unexpected missing socket error',
  'Received zero length message',
  'Received message length < 0',
  'Failed to send entire message',
  'Header lengths are longer than data received',
  'Insane message length',
  'Socket timed out on send/recv operation',
  'Zero Bytes were transmitted or received',
  'Transport endpoint is not connected',
  'Connection (?:timed out|refused|aborted|reset by peer)(?: \\w+)?',
  'Broken pipe',
  'Resource temporarily unavailable',
  'Interrupted system call',
  '.*shutting down and closing'
];

/** A cause is the end of a line; in the middle, or as part of a name, its words mean nothing. */
const DOUBTFUL = new RegExp(`(?:^|: )(?:${DOUBTFUL_CAUSES.join('|')})[.\\s]*$`, 'im');

/** Something sent the request away, and it need not have been the controller. */
const LIMITED = /(?:^|: )(?:too many requests|(?:rpc )?rate limit(?:ed| exceeded))\b/im;

/** The controller's own answer. */
const ANSWERED = /(?:^|: )Batch job submission failed: /m;

/** `script.sh` for a batch job. */
export function buildSlurmScript(job: JobSpec): string {
  const log = `exec >>${shQuote(`${job.directory}/job.log`)} 2>&1`;
  const exports = ['export SLUICE_JOB_ID="$SLURM_JOB_ID"'];
  return buildJobScript(job, isBeyondOutputOption(job.directory) ? [...exports, log] : exports);
}

const quoted = (job: JobSpec): string => sbatchOptions(job).map(shQuote).join(' ');

// An id may name its cluster: `12;name`.
const REVOKE = `case $sluice_id in
      *';'*) scancel --clusters="\${sluice_id#*;}" "\${sluice_id%%;*}" ;;
      *) scancel "$sluice_id" ;;
    esac`;

/** sbatch, at most once for the job's key. */
export function buildSlurmSubmit(job: JobSpec): string {
  return buildSubmitStub({
    directory: job.directory,
    prelude: SLURM_ENVIRONMENT,
    launch: `sbatch --parsable ${quoted(job)} -- ${shQuote(`${job.directory}/script.sh`)}`,
    idPattern: '[0-9][0-9]*\\(;[A-Za-z0-9_.-]*\\)\\{0,1\\}',
    revoke: REVOKE,
    unreached: UNREACHED
  });
}

/** Read the stub's reply. */
export function parseSlurmSubmit(answer: Answer): SubmitOutcome {
  const isDoubtful = (message: string): boolean =>
    DOUBTFUL.test(message) || (LIMITED.test(message) && !ANSWERED.test(message));
  return parseSubmitReply(answer, isDoubtful);
}

/** The id of a job as sbatch printed it. */
export function slurmPrintedId(lines: readonly string[]): string | null {
  const ids = lines.flatMap(line => /^(\d+(?:;[\w.-]*)?)\s*$/.exec(line)?.[1] ?? []);
  return ids.at(-1) ?? null;
}

function testJob(job: JobSpec, index: number): string {
  // Where it would be started is not known yet, and must not matter.
  const options = sbatchOptions(job).filter(option => !option.startsWith('--chdir='));
  return `sluice_words=$(printf %s ${shQuote(buildSlurmScript(job))} |
  SLURM_TIME_FORMAT=%s sbatch --test-only ${options.map(shQuote).join(' ')} 2>&1)
${sayLine(`status-${index}`, '"$?"')}
printf '%s' "$sluice_words" | ${sayEachLine(`said-${index}`)}`;
}

/** Asks what sbatch would say of each job. */
export function buildSlurmTest(jobs: readonly JobSpec[]): string {
  return [SLURM_ENVIRONMENT, ...jobs.map(testJob)].join('\n');
}

/** A job without a time limit counts as one that ends centuries ahead (here: from the year 2100). */
const NO_DATE_SECONDS = 4_102_444_800;
const NO_DATE = 'No start can be told: jobs without a time limit hold what this one asks for.';

/** Read the answer to a test. */
export function parseSlurmTest(answer: Answer, jobs: readonly JobSpec[]): TestOutcome[] {
  const lines = readLines(answer.stdout);
  return jobs.map((_, index) => {
    const said = (lines.get(`said-${index}`) ?? []).filter(line => line.trim() !== '');
    const start = said.map(line => / to start at (\S+)/.exec(line)?.[1]).find(Boolean);
    const hasDate = Number(start) < NO_DATE_SECONDS;
    const words = said.filter(line => !/ to start at /.test(line));
    const accepted = lines.get(`status-${index}`)?.[0] === '0';
    if (accepted && start !== undefined && !hasDate) {
      words.push(NO_DATE);
    }
    const silence = accepted ? null : answer.stderr.trim() || 'sbatch gave no answer';
    return {
      accepted,
      estimatedStart: start !== undefined && hasDate ? slurmTime(start) : null,
      message: words.join('\n') || silence
    };
  });
}
