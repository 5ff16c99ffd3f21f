import { joinSections } from '../capture/join-sections.ts';

const figure = (name: string) => ({
  name,
  unit: 'ms' as const,
  ours: { label: 'Sluice', values: [1] },
  beside: { label: 'other', values: [2] },
  wanted: 1
});

describe('joinSections', () => {
  it('keeps the order of figures, and says a note once', () => {
    const parts = [
      { title: 'a', figures: [figure('one')], notes: ['warm', 'first'] },
      { title: 'b', figures: [figure('two'), figure('three')], notes: ['warm'] }
    ];
    const { title, figures, notes } = joinSections('capture', parts);
    expect(title).toBe('capture');
    expect(figures.map(({ name }) => name)).toEqual(['one', 'two', 'three']);
    expect(notes).toEqual(['warm', 'first']);
  });
});
