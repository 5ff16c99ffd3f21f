import type { NamedSource } from '../../shared/wire/capture';
import type { FollowedSource } from './followed-source';
import { cellFacts } from './source-facts';

/** The notebook's code: the cell, cells that run before it there, functions and classes. */
export type NotebookCode = {
  source: string;
  prelude?: readonly NamedSource[];
  sources?: readonly NamedSource[];
};

/** What all code of the notebook says that runs there. */
export function notebookTexts({
  source,
  prelude = [],
  sources = []
}: NotebookCode): FollowedSource[] {
  // A script that the cell runs is followed from its file.
  const own = sources.filter(({ name }) => !name.startsWith('%run'));
  return [
    asSource('the cell', source),
    ...prelude.map(({ name, source: text }) => asSource(`the cell ${name}`, text)),
    ...own.map(({ name, source: text }) => asSource(`${name} of the notebook`, text))
  ];
}

function asSource(who: string, source: string): FollowedSource {
  const facts = cellFacts(source);
  return { who, facts, file: null, root: null, package: null, importer: null, isMain: true };
}
