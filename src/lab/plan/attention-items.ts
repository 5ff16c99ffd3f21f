import type { Plan } from '../../shared/wire/plan';

export type AttentionItem = {
  /** `left-out`: it does not travel. `note`: it does, but look at it. */
  level: 'left-out' | 'note';
  kind: Plan['leftOut'][number]['kind'];
  name: string;
  text: string;
};

/** What a person should look at before anything is sent: what stays here first, each thing once. */
export function attentionItems({ leftOut, notes }: Plan): AttentionItem[] {
  const items: AttentionItem[] = [
    ...leftOut.map(({ kind, name, reason }) => ({
      level: 'left-out' as const,
      kind,
      name,
      text: reason
    })),
    ...notes.map(({ kind, name, text }) => ({ level: 'note' as const, kind, name, text }))
  ];
  const keys = new Set<string>();
  return items.filter(item => {
    const key = JSON.stringify(item);
    return !keys.has(key) && keys.add(key);
  });
}
