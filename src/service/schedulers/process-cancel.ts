import { shQuote } from '../../shared/sh-quote';
import { PROCESS_IDENTITY } from './process-identity';
import { readLines, sayLine } from './reply-lines';
import type { Answer, JobRef } from './scheduler';

/** Tells the supervisor, which ends its job; without one, ends what is left of the job. */
const CANCEL = `sluice_cancel() {
  if [ -f "$1/submit/exit" ]; then return 0; fi
  sluice_node=
  if [ -f "$1/submit/host" ]; then IFS= read -r sluice_node <"$1/submit/host"; fi
  if [ -n "$sluice_node" ] && [ "$sluice_node" != "$sluice_host" ]; then
    ${sayLine('said', '"the job $2 runs on $sluice_node, this is $sluice_host"')}
  elif sluice_is_alive "$2"; then
    sluice_words=$(kill -s TERM "\${2%%.*}" 2>&1) || ! sluice_is_alive "$2" || ${sayLine('said', '"$sluice_words"')}
  elif [ -f "$1/submit/child" ]; then
    IFS= read -r sluice_child <"$1/submit/child"
    if sluice_is_alive "$sluice_child"; then
      sluice_words=$(kill -s KILL -- "-\${sluice_child%%.*}" 2>&1) || ${sayLine('said', '"$sluice_words"')}
    fi
  fi
}`;

/** Text that ends each of these jobs. */
export function buildProcessCancel(jobs: readonly JobRef[]): string {
  const calls = jobs.map(
    ({ directory, jobId }) => `sluice_cancel ${shQuote(directory)} ${shQuote(jobId)}`
  );
  return [PROCESS_IDENTITY, CANCEL, ...calls, sayLine('done')].join('\n');
}

/** Every job that could not be told is named. */
export function parseProcessCancel(answer: Answer): { ok: boolean; message: string } {
  const lines = readLines(answer.stdout);
  const said = lines.get('said') ?? [];
  return {
    ok: lines.has('done') && said.length === 0,
    message: said.join('\n') || answer.stderr.trim()
  };
}
