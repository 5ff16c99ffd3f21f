import { shQuote } from '../../shared/sh-quote';
import { buildJobScript } from './job-script';
import { readLines, sayEachLine, sayLine } from './reply-lines';
import { isBeyondOutputOption, sbatchOptions } from './sbatch-options';
import type { Answer, JobSpec, SubmitOutcome } from './scheduler';
import { SLURM_ENVIRONMENT } from './slurm-environment';
import { slurmTime } from './slurm-states';
import { buildSubmitStub, parseSubmitReply } from './submit-stub';

/** sbatch says these when it did not get so far as to hand anything over. */
const UNREACHED = ['Unable to contact slurm controller (connect failure)'] as const;

/** Words after which the controller may have taken the job, though sbatch failed. */
const DOUBTFUL =
  /timed? ?out|Zero Bytes were transmitted|Unable to contact slurm controller|(Communication|Message) \w+ failure|Unexpected message received|Transport endpoint|Connection (reset|refused|forced)|Broken pipe|Insane message length|shutting down and closing/i;

/** `script.sh` for a batch job. */
export function buildSlurmScript(job: JobSpec): string {
  const log = `exec >>${shQuote(`${job.directory}/job.log`)} 2>&1`;
  const exports = ['export SLUICE_JOB_ID="$SLURM_JOB_ID"'];
  return buildJobScript(job, isBeyondOutputOption(job.directory) ? [...exports, log] : exports);
}

const quoted = (job: JobSpec): string => sbatchOptions(job).map(shQuote).join(' ');

/** sbatch, at most once for the job's key. */
export function buildSlurmSubmit(job: JobSpec): string {
  return buildSubmitStub({
    directory: job.directory,
    prelude: SLURM_ENVIRONMENT,
    launch: `sbatch --parsable ${quoted(job)} -- ${shQuote(`${job.directory}/script.sh`)}`,
    idPattern: '[0-9][0-9]*\\(;[A-Za-z0-9_.-]*\\)\\{0,1\\}',
    unreached: UNREACHED
  });
}

/** Read the stub's reply. */
export function parseSlurmSubmit(answer: Answer): SubmitOutcome {
  return parseSubmitReply(answer, message => DOUBTFUL.test(message));
}

/** Asks what sbatch would say; nothing of the job needs to be on the host. */
export function buildSlurmTest(job: JobSpec): string {
  // Where it would be started is not known yet, and must not matter.
  const options = sbatchOptions(job).filter(option => !option.startsWith('--chdir='));
  return `${SLURM_ENVIRONMENT}
sluice_words=$(printf %s ${shQuote(buildSlurmScript(job))} |
  SLURM_TIME_FORMAT=%s sbatch --test-only ${options.map(shQuote).join(' ')} 2>&1)
${sayLine('status', '"$?"')}
printf '%s' "$sluice_words" | ${sayEachLine('said')}`;
}

/** Read the answer to a test; the message is a refusal's or a warning's. */
export function parseSlurmTest(answer: Answer): {
  accepted: boolean;
  estimatedStart: string | null;
  message: string | null;
} {
  const lines = readLines(answer.stdout);
  const said = lines.get('said') ?? [];
  const start = said.map(line => / to start at (\S+)/.exec(line)?.[1]).find(Boolean);
  const words = said.filter(line => line.trim() !== '' && !/ to start at /.test(line)).join('\n');
  const accepted = lines.get('status')?.[0] === '0';
  return {
    accepted,
    estimatedStart: start === undefined ? null : slurmTime(start),
    message: words || (accepted ? null : answer.stderr.trim() || 'sbatch gave no answer')
  };
}
