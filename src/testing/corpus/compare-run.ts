import type { ExpectedRun } from './corpus-case';

/** What is wrong with what the bundle showed; null: nothing. */
export function compareRun(
  expected: ExpectedRun,
  shown: { here: string; there: string }
): string | null {
  const { here, there } = shown;
  switch (expected.kind) {
    case 'same':
      return here === there ? null : `runs: here it shows «${here}», from its bundle «${there}»`;
    case 'prints':
      return there.trimEnd() === expected.text.trimEnd()
        ? null
        : `runs: the bundle shows «${there}» instead of «${expected.text}»`;
    case 'fails':
      return there.includes(expected.with)
        ? null
        : `runs: the bundle shows «${there}», without “${expected.with}”`;
    case 'refused':
      return 'runs: nothing refused it';
  }
}
