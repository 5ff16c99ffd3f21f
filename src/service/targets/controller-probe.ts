import { execFile } from 'node:child_process';

const FRESH_MS = 60_000;
const DEADLINE_MS = 5000;

/** Whether `scontrol ping` finds a controller that is up; false also where there is no Slurm. */
function ping(): Promise<boolean> {
  return new Promise(resolve => {
    execFile('scontrol', ['ping'], { timeout: DEADLINE_MS }, (error, stdout) => {
      resolve(error === null && /\bUP\b/.test(stdout));
    });
  });
}

/** A question that is asked at most once a minute, however many callers want to know. */
export function createControllerProbe(nowMs: () => number, ask = ping): () => Promise<boolean> {
  let answer: Promise<boolean> | null = null;
  let askedAtMs = 0;
  return () => {
    if (answer === null || nowMs() - askedAtMs > FRESH_MS) {
      askedAtMs = nowMs();
      answer = ask();
    }
    return answer;
  };
}
