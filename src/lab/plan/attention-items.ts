import type { Plan } from '../../shared/wire/plan';

export type AttentionItem = {
  /**
   * `forbids`: the run is refused for it. `undecided`: the person is asked. `left-out`: it does not
   * travel. `note`: it does, but look at it.
   */
  level: 'forbids' | 'undecided' | 'left-out' | 'note';
  kind: Plan['leftOut'][number]['kind'];
  name: string;
  text: string;
};

/** What a person should look at before anything is sent: what stays here first, each thing once. */
export function attentionItems({ leftOut, notes, undecided }: Plan): AttentionItem[] {
  const open = new Set(undecided.map(({ path }) => path));
  const levelOf = ({ kind, name, forbids }: Plan['leftOut'][number]): AttentionItem['level'] => {
    if (forbids === true) {
      return 'forbids';
    }
    return kind === 'file' && open.has(name) ? 'undecided' : 'left-out';
  };
  const items: AttentionItem[] = [
    ...leftOut.map(one => ({
      level: levelOf(one),
      kind: one.kind,
      name: one.name,
      text: one.reason
    })),
    ...notes.map(({ kind, name, text }) => ({ level: 'note' as const, kind, name, text }))
  ];
  const keys = new Set<string>();
  return items.filter(item => {
    const key = JSON.stringify(item);
    return !keys.has(key) && keys.add(key);
  });
}
