import type { TranslationBundle } from '@jupyterlab/translation';
import type { LabIcon } from '@jupyterlab/ui-components';
import type { JSX } from 'react';
import type { DoctorReport, DoctorStep } from '../../shared/wire/doctor';
import { doneIcon, failedIcon, noteIcon, skippedIcon, waitingIcon, workingIcon } from '../icons';
import { CodeWords } from '../plan/code-words';
import { firstFailed, stepWord } from './doctor-words';

type StepsProps = { report: DoctorReport; trans: TranslationBundle };

/** The steps as a list of ticks; the first that failed says what to do. */
export function DoctorSteps({ report, trans }: StepsProps): JSX.Element {
  const first = firstFailed(report);
  return (
    <ol className="sluice-DoctorSteps" aria-label={trans.__('Steps')}>
      {report.steps.map(step => (
        <Step key={step.id} step={step} isFirstFailed={step === first} trans={trans} />
      ))}
    </ol>
  );
}

type StepProps = { step: DoctorStep; isFirstFailed: boolean; trans: TranslationBundle };

function Step({ step, isFirstFailed, trans }: StepProps): JSX.Element {
  const { state, title, found, problem, details, seconds } = step;
  const Icon = iconOf(state).react;
  return (
    <li
      data-state={state}
      data-step={step.id}
      aria-current={state === 'running' ? 'step' : undefined}
    >
      <Icon tag="span" width="16px" aria-hidden="true" />
      <div>
        <span className="sluice-DoctorSteps-title">{title}</span>{' '}
        <span className="sluice-DoctorSteps-state">{stepWord(state, trans)}</span>
        {seconds !== null && seconds >= 1 && (
          <span className="sluice-DoctorSteps-state">
            {' '}
            {trans.__('after %1 s', Math.round(seconds))}
          </span>
        )}
        {found !== null && (
          <div>
            <CodeWords text={found} />
          </div>
        )}
        {problem && (
          <div className="sluice-DoctorSteps-problem" data-first={isFirstFailed}>
            <p>
              <CodeWords text={problem.message} />
            </p>
            <p>
              <CodeWords text={problem.hint} />
            </p>
          </div>
        )}
        {details.length > 0 && (
          <details open={isFirstFailed}>
            <summary>{trans._n('%1 detail', '%1 details', details.length)}</summary>
            <ul>
              {details.map((line, index) => (
                <li key={index}>
                  <CodeWords text={line} />
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </li>
  );
}

function iconOf(state: DoctorStep['state']): LabIcon {
  switch (state) {
    case 'waiting':
      return waitingIcon;
    case 'running':
      return workingIcon;
    case 'passed':
      return doneIcon;
    case 'warning':
      return noteIcon;
    case 'failed':
      return failedIcon;
    case 'skipped':
      return skippedIcon;
  }
}
