import { namesOf } from './names-of';

const RUN = /^\s*%run\s+(?:-[a-zA-Z]+\s+)*("[^"]+"|'[^']+'|\S+)/gm;

/**
 * What of a cell makes names that its text does not tell: scripts of `%run`, `import *`. In words
 * for a person; `plain` is the source with its magics made blank.
 */
export function hiddenMakers(source: string, plain: string): string[] {
  const scripts = [...source.matchAll(RUN)].map(([, path = '']) => `\`%run ${path}\``);
  return namesOf(plain).hasStar ? [...scripts, '`import *`'] : scripts;
}
