import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSX, ReactNode } from 'react';
import type { Task } from '../../shared/wire/task';
import { attemptWords } from '../words/attempt-words';
import { formatBytes } from '../words/format-bytes';
import { usageWords } from '../words/usage-words';

type JobDetailsProps = { task: Task; trans: TranslationBundle };

/** What it took, its earlier starts, what came home and what was worth a look; folded. */
export function JobDetails({ task, trans }: JobDetailsProps): JSX.Element | null {
  const parts = [
    <Usage key="usage" task={task} trans={trans} />,
    <Attempts key="attempts" task={task} trans={trans} />,
    <Values key="values" task={task} trans={trans} />,
    <Notes key="notes" task={task} trans={trans} />
  ];
  return hasDetails(task) ? (
    <details className="sluice-JobRow-details">
      <summary>{summaryWords(task, trans)}</summary>
      {parts}
    </details>
  ) : null;
}

function hasDetails(task: Task): boolean {
  return (
    task.usage !== null ||
    task.formerAttempts.length > 0 ||
    task.notes.length > 0 ||
    valuesHere(task).length > 0
  );
}

/** What is inside, so that nobody opens it in vain. */
function summaryWords(task: Task, trans: TranslationBundle): string {
  const { notes, formerAttempts } = task;
  const values = valuesHere(task).length;
  const parts = [
    usageWords(task.usage, trans)?.short ?? null,
    formerAttempts.length === 0
      ? null
      : trans._n(
          '%1 earlier attempt',
          '%1 earlier attempts',
          formerAttempts.length,
          formerAttempts.length
        ),
    values === 0 ? null : trans._n('%1 value', '%1 values', values, values),
    notes.length === 0 ? null : trans._n('%1 note', '%1 notes', notes.length, notes.length)
  ];
  return parts.filter(part => part !== null).join(' · ') || trans.__('Details');
}

function Part({ title, children }: { title: string; children: ReactNode }): JSX.Element {
  return (
    <div className="sluice-JobRow-part">
      <h4>{title}</h4>
      {children}
    </div>
  );
}

function Usage({ task, trans }: JobDetailsProps): JSX.Element | null {
  const words = usageWords(task.usage, trans);
  return words === null ? null : (
    <Part title={trans.__('Used')}>
      {[...words.long.split('\n'), ...words.hints].map(line => (
        <div key={line}>{line}</div>
      ))}
    </Part>
  );
}

function Attempts({ task, trans }: JobDetailsProps): JSX.Element | null {
  return task.formerAttempts.length === 0 ? null : (
    <Part title={trans.__('Earlier attempts')}>
      {task.formerAttempts.map(former => (
        <div key={former.attempt} title={former.reason?.token ?? undefined}>
          {attemptWords(former, trans)}
        </div>
      ))}
    </Part>
  );
}

function Values({ task, trans }: JobDetailsProps): JSX.Element | null {
  const values = valuesHere(task);
  return values.length === 0 ? null : (
    <Part title={trans.__('Values that came home')}>
      {values.map(({ name, type, bytes }) => (
        <div key={name}>
          <code>{name}</code> {type}, {formatBytes(bytes)}
        </div>
      ))}
    </Part>
  );
}

function Notes({ task, trans }: JobDetailsProps): JSX.Element | null {
  return task.notes.length === 0 ? null : (
    <Part title={trans.__('Notes')}>
      {task.notes.map(({ name, text }, index) => (
        <div key={index}>
          {name}: {text}
        </div>
      ))}
    </Part>
  );
}

function valuesHere(task: Task): Task['variables'] {
  return task.variables.filter(({ reason, kept }) => reason === null && kept == null);
}
