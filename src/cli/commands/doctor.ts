import type { DoctorReport } from '../../shared/wire/doctor';
import { type CommandContext, print } from '../command-context';
import { isSettled, outcomeText, proposalText, stepLine, stepText } from '../print/doctor-text';
import { plainText } from '../print/plain-text';

export type DoctorOrder = {
  target: string;
  withoutJob: boolean;
  /** Write what is proposed: under this name, or `true` for the proposed one; absent: ask. */
  save?: string | true;
};

const WAIT_MS = 20_000;
const CANCELED = 130;
const NARROW = 78;
const CLEAR_LINE = '\r\u001b[K';

/** Says each step once, when it has ended; on a terminal also what is being done. */
class Checklist {
  private readonly said = new Set<string>();
  private isPassing = false;

  constructor(private readonly context: CommandContext) {}

  show({ steps }: DoctorReport): void {
    const { isJson, out } = this.context;
    if (isJson) {
      return;
    }
    const isAsking = this.context.terminal?.isAsking === true;
    this.clear();
    const news = steps.filter(step => isSettled(step) && !this.said.has(step.id));
    for (const step of news) {
      this.said.add(step.id);
      out(stepText(step));
    }
    const current = steps.findLast(({ state }) => state === 'running');
    if (current !== undefined && this.context.terminal !== null && !isAsking) {
      this.context.terminal.say(stepLine(current).slice(0, NARROW));
      this.isPassing = true;
    }
  }

  /** Take away the line of what was being done. */
  clear(): void {
    if (this.isPassing && this.context.terminal?.isAsking !== true) {
      this.context.terminal?.say(CLEAR_LINE);
    }
    this.isPassing = false;
  }
}

async function follow(context: CommandContext, begun: DoctorReport): Promise<DoctorReport> {
  const { access, err, onInterrupt } = context;
  const checklist = new Checklist(context);
  const stop = onInterrupt(() => {
    checklist.clear();
    err('sluice: canceling; it goes on if you interrupt again\n');
    access
      .ask(client => client.cancelDoctor(begun.id))
      .catch((error: unknown) => {
        err(`sluice: it could not be canceled: ${plainText(String(error))}\n`);
      });
  });
  try {
    let now = begun;
    checklist.show(now);
    while (now.state === 'running') {
      const { id, version } = now;
      now = await access.ask(client => client.doctor(id, version, WAIT_MS));
      checklist.show(now);
    }
    return now;
  } finally {
    checklist.clear();
    stop();
  }
}

/** The name to write under; null: it is not to be written. */
async function nameToSave(
  { terminal, isJson }: CommandContext,
  { proposal, target, state }: DoctorReport,
  save: DoctorOrder['save']
): Promise<string | null> {
  const proposed = proposal?.name ?? target;
  if (proposal === null || save !== undefined) {
    return proposal === null ? null : save === true ? proposed : (save ?? null);
  }
  if (terminal === null || isJson || state === 'canceled') {
    return null;
  }
  const label = `Write it as the target “${plainText(proposed)}”? [y/N]`;
  const { signal } = new AbortController();
  const answer = await terminal.ask({ label, isSecret: false, signal });
  return /^y(es)?$/i.test(answer?.trim() ?? '') ? proposed : null;
}

/** Look a target over, from its configuration to a finished job; 1 when something is wrong with it. */
export async function doctor(context: CommandContext, order: DoctorOrder): Promise<number> {
  const { access, cwd, out, isJson } = context;
  const { target, withoutJob, save } = order;
  const request = { target, withoutJob, projectDir: cwd };
  const begun = await access.ask(client => client.startDoctor(request));
  let report = await follow(context, begun);
  if (!isJson) {
    out(`\n${outcomeText(report)}${proposalText(report)}`);
  }
  const name = await nameToSave(context, report, save);
  if (name !== null) {
    const { id } = report;
    report = await access.ask(client => client.saveDoctor(id, name));
  }
  print(context, report, ({ savedTo }) =>
    savedTo === null
      ? ''
      : `The target “${plainText(name ?? target)}” is written into ${savedTo}.\n`
  );
  const { state } = report;
  return state === 'passed' ? 0 : state === 'canceled' ? CANCELED : 1;
}
