import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSX } from 'react';
import type { Plan } from '../../shared/wire/plan';
import { doneIcon, failedIcon } from '../icons';
import { explain } from './glossary';
import { differenceWords, shapeItems } from './shape-words';
import { startWords } from './start-words';
import { Term } from './term';

type AnswerProps = { plan: Plan; now: number; trans: TranslationBundle };

/** What the job asks for, what the scheduler says to it, and when it would start. */
export function SchedulerAnswer({ plan, now, trans }: AnswerProps): JSX.Element | null {
  const { submit } = plan;
  const items = shapeItems(plan.resources, trans);
  if (!submit && items.length === 0) {
    return null;
  }
  return (
    <section className="sluice-Answer" aria-label={trans.__('Scheduler')}>
      {items.length > 0 && (
        <p>
          {trans.__('Asks for:')}{' '}
          {items.map(({ key, words }, index) => (
            <span key={key}>
              {index > 0 && ', '}
              <Term word={words} meaning={explain(key, trans)} />
            </span>
          ))}
        </p>
      )}
      {submit && <Verdict submit={submit} trans={trans} />}
      {submit?.accepted === true && <Starts plan={plan} submit={submit} now={now} trans={trans} />}
    </section>
  );
}

type Submit = NonNullable<Plan['submit']>;

function Verdict({ submit, trans }: { submit: Submit; trans: TranslationBundle }): JSX.Element {
  const Icon = (submit.accepted ? doneIcon : failedIcon).react;
  const words = submit.accepted
    ? trans.__('The scheduler would take the job.')
    : trans.__('The scheduler would not take the job.');
  return (
    <p data-verdict={submit.accepted ? 'accepted' : 'refused'}>
      <Icon tag="span" width="14px" aria-hidden="true" /> {words}
      {submit.message !== null && (
        <>
          {' '}
          <code>{submit.message}</code>
        </>
      )}
    </p>
  );
}

function Starts({
  plan,
  submit,
  now,
  trans
}: AnswerProps & { submit: Submit }): JSX.Element | null {
  const { estimatedStart, smaller } = submit;
  if (estimatedStart === null) {
    return null;
  }
  const asked = startWords(estimatedStart, now, trans);
  const shape = smaller === null ? '' : differenceWords(smaller.resources, plan.resources, trans);
  if (smaller === null || smaller.estimatedStart === null || shape === '') {
    return <p>{trans.__('Estimated start: %1', asked)}</p>;
  }
  return (
    <p>
      {trans.__('Estimated start:')}{' '}
      <strong>
        {trans.__('with %1: %2', shape, startWords(smaller.estimatedStart, now, trans))}
      </strong>
      {trans.__('; as asked: %1', asked)}
    </p>
  );
}
