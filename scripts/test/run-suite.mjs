import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { at, checkoutEnv } from '../setup/checkout.mjs';
import { runHere } from '../setup/run.mjs';
import { PlainError, say } from '../setup/say.mjs';
import { judge } from './counts.mjs';

const nothing = { passed: 0, failed: 0, skipped: 0 };

function readReport(suite, report) {
  if (!existsSync(report)) {
    say(`${suite.name}: did not start, it left no report`);
    return nothing;
  }
  return suite.read(readFileSync(report, 'utf8'));
}

async function statusOf(suite, context) {
  const [command, args] = suite.command(context);
  const env = checkoutEnv({ ...context.env, ...suite.env?.(context) });
  try {
    const allArgs = [...args, ...context.extraArgs];
    return await runHere(command, allArgs, { env, timeoutMs: context.deadlineMs });
  } catch (error) {
    if (!(error instanceof PlainError)) {
      throw error;
    }
    say(error.message);
    return 1;
  }
}

/** Runs one suite on our terminal and gives its name, counts and time. */
export async function runSuite(suite, { skippedFail, ...context }) {
  const report = at('build/reports', suite.report);
  mkdirSync(at('build/reports'), { recursive: true });
  rmSync(report, { force: true });
  say(`${suite.name}: ${suite.doing}`);
  const startedMs = performance.now();
  const status = await statusOf(suite, { ...context, report });
  const seconds = (performance.now() - startedMs) / 1000;
  return { name: suite.name, seconds, ...judge(readReport(suite, report), status, skippedFail) };
}
