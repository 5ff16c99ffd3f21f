import type { Importer } from './absolute-name';
import type { NamedSource } from './data-files';
import type { SourceFacts } from './source-facts';

/** A source whose imports are followed. */
export type FollowedSource = Omit<NamedSource, 'facts'> & {
  facts: SourceFacts;
  importer: Importer;
  /** Whether it runs as a program, so that `if __name__ == '__main__'` counts. */
  isMain: boolean;
};

/** The same as a source of data files. */
export function asNamed({ who, facts, file, root, package: around }: FollowedSource): NamedSource {
  return { who, facts: facts.paths, file, root, package: around };
}
