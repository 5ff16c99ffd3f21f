import type { TranslationBundle } from '@jupyterlab/translation';
import { type JSX, useId, useState } from 'react';
import type { DoctorProposal as Proposal } from '../../shared/wire/doctor';
import { PageButton } from '../page-button';
import { CodeWords } from '../plan/code-words';
import type { DoctorSession } from './doctor-session';
import { isTargetName, proposedName } from './doctor-words';

type ProposalProps = { session: DoctorSession; proposal: Proposal; trans: TranslationBundle };

/** What the doctor would write into the person's configuration, why, and the way to do it. */
export function DoctorProposal({ session, proposal, trans }: ProposalProps): JSX.Element {
  const id = useId();
  const { toml, reasons } = proposal;
  const savedTo = session.report?.savedTo ?? null;
  return (
    <section className="sluice-DoctorProposal" aria-labelledby={id}>
      <h3 id={id}>{trans.__('Proposed settings')}</h3>
      <pre tabIndex={0} aria-label={trans.__('Proposed settings')}>
        {toml}
      </pre>
      {reasons.length > 0 && (
        <ul>
          {reasons.map((reason, index) => (
            <li key={index}>
              <CodeWords text={reason} />
            </li>
          ))}
        </ul>
      )}
      {savedTo === null && <SaveForm session={session} proposal={proposal} trans={trans} />}
      {/* There before it speaks. */}
      <p role="status">
        {savedTo !== null &&
          trans.__(
            'Saved to %1. “Choose target” in the menu of a cell has it now; the file is yours to change.',
            savedTo
          )}
      </p>
    </section>
  );
}

function SaveForm({ session, proposal, trans }: ProposalProps): JSX.Element {
  const id = useId();
  const [name, setName] = useState(proposedName(proposal));
  const isGood = isTargetName(name);
  const save = (): void => {
    if (isGood) {
      void session.save(name);
    }
  };
  return (
    <div className="sluice-DoctorProposal-save">
      <label htmlFor={id}>{trans.__('Name of the target')}</label>
      <input
        id={id}
        className="jp-mod-styled"
        value={name}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={!isGood}
        aria-describedby={`${id}-help`}
        onChange={event => setName(event.target.value)}
        onKeyDown={event => event.key === 'Enter' && save()}
      />
      <PageButton
        label={session.isSaving ? trans.__('Saving…') : trans.__('Save to my configuration')}
        isMain
        isDisabled={!isGood || session.isSaving}
        onClick={save}
      />
      <p id={`${id}-help`}>
        {isGood
          ? trans.__('It is written into %1.', proposal.path)
          : trans.__('A name has letters, digits, dots, dashes and underscores only.')}
      </p>
    </div>
  );
}
