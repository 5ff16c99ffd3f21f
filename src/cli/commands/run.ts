import { fileWords } from '../../shared/file-words';
import type { Task } from '../../shared/wire/task';
import { type CommandContext, print } from '../command-context';
import { taskStatus } from '../exit-status';
import { followTask } from '../follow-task';
import { eventPieces } from '../print/event-text';
import { plainText } from '../print/plain-text';
import { decideWords, endLines, phaseLine } from '../print/task-text';
import { type ScriptRun, submitScript } from './submit';

/** Says each change of a task once, on stderr, so that stdout is the script's alone. */
function phaseReporter({ err, isJson }: CommandContext): (task: Task) => void {
  let said = '';
  let hasNotes = false;
  return task => {
    const now = phaseLine(task);
    if (now !== said && !isJson) {
      err(`sluice: ${task.id} ${now}\n`);
      // A job that runs goes on without a connection, and this waits for both.
      const hint = needsLogin(task) && !isStuck(task) ? task.reason?.hint : null;
      err(hint ? `        ${plainText(hint)}\n` : '');
      const ways = decideWords(task);
      err(ways === null ? '' : `        ${ways}\n`);
    }
    said = now;
    // They come once it was prepared, and do not change any more.
    const news = hasNotes ? [] : task.notes;
    hasNotes ||= news.length > 0;
    news.forEach(({ name, text }) => {
      err(`sluice: ${plainText(`${name}: ${text}`)}\n`);
    });
  };
}

/** The first interrupt cancels the task, whose end is still awaited. */
function cancelOnInterrupt({ access, onInterrupt, err }: CommandContext, id: string): () => void {
  return onInterrupt(() => {
    err(`sluice: canceling ${id}; it goes on if you interrupt again\n`);
    access
      .ask(client => client.cancel(id))
      .catch((error: unknown) => {
        err(`sluice: it could not be canceled: ${String(error)}\n`);
      });
  });
}

const needsLogin = ({ reason }: Task): boolean => reason?.code === 'needs-login';

/** It waits for a login before it was handed over: nobody could be asked here, or gave it up. */
function isStuck(task: Task): boolean {
  return needsLogin(task) && (task.phase === 'preparing' || task.phase === 'submitting');
}

/** Run a script as if it ran here: its output, then its end as exit status. */
export async function run(context: CommandContext, script: ScriptRun): Promise<number> {
  const submitted = await submitScript(context, script);
  const report = phaseReporter(context);
  report(submitted);
  const stop = cancelOnInterrupt(context, submitted.id);
  const task = await followTask(context.access, submitted.id, {
    task: report,
    isEnough: isStuck,
    event: event => {
      eventPieces(event).forEach(({ to, text }) => {
        context[context.isJson ? 'err' : to](text);
      });
    }
  }).finally(stop);
  if (context.isJson) {
    print(context, task, () => '');
  } else if (task.reason?.hint) {
    context.err(`        ${plainText(task.reason.hint)}\n`);
  }
  if (task.files !== null && !context.isJson) {
    const words = `${fileWords(task.files, task.target)} (\`sluice files ${task.id}\`)`;
    context.err(`sluice: ${plainText(words)}\n`);
  }
  if (!context.isJson) {
    endLines(task).forEach(line => {
      context.err(`sluice: ${line}\n`);
    });
  }
  if (isStuck(task)) {
    context.err(`        ${task.id} waits for it; \`sluice cancel ${task.id}\` ends it\n`);
  }
  return taskStatus(task);
}
