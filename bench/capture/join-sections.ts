import type { Section } from '../measure/figure.ts';

/** Several tables as one: the figures and the notes in order, each note once. */
export function joinSections(title: string, sections: readonly Section[]): Section {
  return {
    title,
    figures: sections.flatMap(({ figures }) => figures),
    notes: [...new Set(sections.flatMap(({ notes }) => notes))]
  };
}
