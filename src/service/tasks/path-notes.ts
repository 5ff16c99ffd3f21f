import type { Note } from '../../shared/wire/capture';

/** More would make one question of many; code that names so many reads a list from somewhere. */
export const MOST_PATHS = 100;

/** The target that is this machine itself. */
const HERE = 'here';

/** What a target said of absolute paths that are not on this machine. */
export function pathNotes(
  paths: readonly string[],
  found: ReadonlySet<string>,
  target: string
): Note[] {
  const asked = paths.slice(0, MOST_PATHS);
  const notes = asked.map((name): Note => {
    const text = found.has(name)
      ? `found there, on ${target}`
      : target === HERE
        ? 'not on this machine: the code that reads it will fail'
        : `neither here nor on ${target}: the code that reads it will fail there`;
    return { kind: 'file', name, text };
  });
  const rest = paths.length - asked.length;
  return rest === 0 ? notes : [...notes, { kind: 'file', name: `${rest} more paths`, text: LEFT }];
}

const LEFT = `not looked for: the first ${MOST_PATHS} absolute paths are`;
