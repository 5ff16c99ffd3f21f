import { SluiceError } from '../../shared/errors';
import type { DoctorRequest } from '../../shared/wire/doctor';
import type { TargetBook } from '../targets/target-book';
import type { Target } from '../targets/target';

/** What the doctor looks at. */
export type Subject = {
  target: Target;
  /** A host that is no target yet. */
  isProvisional: boolean;
};

/** Whether a word can only be meant as a host: no target's name has these. */
const isAddress = (word: string): boolean => /[@:]/.test(word);

/** The target of that name, or one made up for an SSH host that is none yet. Errors: those of `TargetBook.find`. */
export async function findSubject(
  book: TargetBook,
  { target: word, projectDir }: Pick<DoctorRequest, 'target' | 'projectDir'>,
  hasAlias: (word: string) => Promise<boolean>
): Promise<Subject> {
  const { targets } = await book.read(projectDir);
  const known = targets.get(word);
  if (known !== undefined) {
    return { target: known, isProvisional: false };
  }
  const base = targets.get('here');
  if (base === undefined || !(isAddress(word) || (await hasAlias(word)))) {
    const names = [...targets.keys()].join(', ');
    throw new SluiceError('target-unknown', { target: word, known: names, path: book.path });
  }
  return { target: provisional(word, base), isProvisional: true };
}

function provisional(host: string, base: Target): Target {
  return {
    ...base,
    name: host,
    host,
    sshConfig: null,
    scheduler: 'slurm',
    root: '~/.sluice',
    python: null,
    setup: [],
    resources: {},
    trust: 'none',
    asksTrust: false,
    paths: {},
    source: 'provisional'
  };
}
