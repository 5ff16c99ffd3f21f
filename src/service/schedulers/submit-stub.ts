import { shQuote } from '../../shared/sh-quote';
import { readLines, sayEachLine, sayLine } from './reply-lines';
import type { Answer, SubmitOutcome } from './scheduler';

export type StubParts = {
  /** `<root>/runs/<key>`. */
  directory: string;
  /** Run before anything else, such as clearing the environment. */
  prelude: string;
  /** The command that starts the job and prints its id, words included in stderr. */
  launch: string;
  /** Basic regular expression for a whole line that is a job id. */
  idPattern: string;
  /** The command that ends the job of `$sluice_id`, should the run have been given up meanwhile. */
  revoke: string;
  /** Fixed strings of stderr that prove that the scheduler was not even reached. */
  unreached: readonly string[];
};

const say = {
  job: sayLine('job', '"$sluice_id"'),
  status: sayLine('status', '"$sluice_status"'),
  said: sayEachLine('said')
};

/** Sets `sluice_id` from `job-id`, or from what the job's launch printed before its stub was cut off. */
const findId = (idPattern: string): string => `sluice_find_id() {
  sluice_id=
  if [ -f job-id ]; then
    IFS= read -r sluice_id <job-id
  elif [ -f submit/stdout ]; then
    # A last line without its newline may be half of one.
    sluice_id=$(while IFS= read -r sluice_line; do printf '%s\\n' "$sluice_line"; done <submit/stdout |
      LC_ALL=C sed -n 's/^\\(${idPattern}\\)[[:space:]]*$/\\1/p' | tail -n 1)
    if [ -n "$sluice_id" ]; then
      printf '%s\\n' "$sluice_id" >"job-id.$$" && mv -f "job-id.$$" job-id
    fi
  fi
  [ -n "$sluice_id" ]
}`;

/** Gives the lock back where it is proven that no job exists, so that the same key may try again. */
const release = (unreached: readonly string[]): string =>
  unreached
    .map(text => `grep -qF ${shQuote(text)} submit/stderr && sluice_unreached=1`)
    .join('\n  ');

/** The job runs in the person's locale, not in the one that makes answers readable. */
const OWN_LOCALE =
  'if [ -n "${sluice_lc_all-}" ]; then LC_ALL=$sluice_lc_all; else unset LC_ALL; fi';

/**
 * Who gives a run up makes the claim, then looks whether `began` is there: so it is written before the
 * claim is looked for, and one of both sides sees the other.
 */
const BEGIN = `sluice_begin() {
  if ! { date +%s >submit/began && [ -s submit/began ]; } 2>submit/stderr; then
    ${sayLine('unreached')}
    ${say.said} <submit/stderr
    rm -rf submit
    return 1
  fi
  if [ -d claim ]; then
    rm -f submit/began
    ${sayLine('fenced')}
    return 1
  fi
}`;

const launchOnce = ({ launch, unreached, revoke }: StubParts): string => `sluice_launch() {
  sluice_begin || return 0
  (umask "$sluice_umask"; ${OWN_LOCALE}; ${launch}) >submit/stdout 2>submit/stderr </dev/null
  sluice_status=$?
  if sluice_find_id; then
    if [ -f claim/owner ] && grep -q '"fenced": *true' claim/owner; then
      ${revoke} >>submit/stderr 2>&1 </dev/null
    fi
    ${say.job}
    return
  fi
  sluice_unreached=
  ${release(unreached)}
  if [ -n "$sluice_unreached" ]; then
    ${sayLine('unreached')}
    ${say.said} <submit/stderr
    rm -rf submit
    return
  fi
  printf '%s\\n' "$sluice_status" >submit/status.new && mv -f submit/status.new submit/status
  sluice_report
}`;

const REPORT = `sluice_report() {
  if sluice_find_id; then
    ${say.job}
  elif [ -f submit/status ]; then
    IFS= read -r sluice_status <submit/status
    ${say.status}
    cat submit/stderr submit/stdout | ${say.said}
  else
    ${sayLine('unfinished')}
  fi
}`;

/**
 * Text that launches at most once for a directory, whoever runs it and however often: `mkdir submit`
 * is the lock, and it is given back only where it is proven that no job exists. Run again, it says
 * what is known of the first time. Where the run was given up, it launches nothing, or takes that back.
 */
export function buildSubmitStub(parts: StubParts): string {
  const directory = shQuote(parts.directory);
  return [
    // A dropped connection must not end the stub between the job and its id.
    "trap '' HUP PIPE",
    'sluice_umask=${sluice_own_umask-$(umask)}',
    'umask 077',
    parts.prelude,
    findId(parts.idPattern),
    REPORT,
    BEGIN,
    launchOnce(parts),
    `if ! { mkdir -p ${directory} && cd ${directory} && chmod 700 .; } 2>/dev/null; then`,
    `  { mkdir -p ${directory} && cd ${directory}; } 2>&1 | ${say.said}`,
    `  ${sayLine('unreached')}`,
    'elif sluice_words=$(mkdir submit 2>&1); then',
    '  sluice_launch',
    'elif [ -d submit ]; then',
    '  sluice_report',
    'else',
    `  printf '%s\\n' "$sluice_words" | ${say.said}`,
    `  ${sayLine('unreached')}`,
    'fi'
  ].join('\n');
}

/** The words of a reply, or what the shell itself said when the stub did not get to speak. */
function words(lines: ReadonlyMap<string, string[]>, { stdout, stderr }: Answer): string {
  const said = (lines.get('said') ?? []).join('\n').trim();
  return said || `${stderr}\n${stdout}`.trim();
}

/** Read a stub's reply; `isDoubtful` tells words after which a job may exist all the same. */
export function parseSubmitReply(
  answer: Answer,
  isDoubtful: (message: string) => boolean
): SubmitOutcome {
  const lines = readLines(answer.stdout);
  const message = words(lines, answer);
  const jobId = lines.get('job')?.at(-1);
  if (jobId !== undefined) {
    return { kind: 'accepted', jobId };
  }
  if (lines.has('fenced')) {
    return { kind: 'fenced', message: 'the run was given up before' };
  }
  if (lines.has('unreached')) {
    return { kind: 'unavailable', message };
  }
  const status = Number(lines.get('status')?.at(-1) ?? NaN);
  if (Number.isNaN(status)) {
    const begun = lines.has('unfinished') ? 'an earlier submit has not said how it ended' : message;
    return { kind: 'unclear', message: begun };
  }
  // A signal ended the command before it could say what happened. (255 is sbatch's own.)
  const isCutOff = status > 128 && status < 255;
  const isClear = status > 0 && !isCutOff && !isDoubtful(message);
  return { kind: isClear ? 'refused' : 'unclear', message: message || `exit status ${status}` };
}
