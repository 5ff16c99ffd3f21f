export type ImportedFrom = { module: string; name: string | null };

/** The names that an import statement binds, and where each comes from. */
export function importedNames(statement: string): [string, ImportedFrom][] {
  const words = statement
    .replace(/#.*/g, '')
    .replace(/[\\()]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const from = /^from ([. \p{L}\p{N}_]+?) import (.+)$/u.exec(words);
  if (from) {
    const module = (from[1] ?? '').replace(/ /g, '');
    return clauses(from[2] ?? '').map(([name, alias]) => [alias ?? name, { module, name }]);
  }
  const plain = /^import (.+)$/.exec(words);
  return clauses(plain?.[1] ?? '').map(([module, alias]) => {
    const top = module.split('.')[0] ?? module;
    return alias === undefined
      ? [top, { module: top, name: null }]
      : [alias, { module, name: null }];
  });
}

function clauses(text: string): [string, string | undefined][] {
  return text
    .split(',')
    .map(clause => clause.trim())
    .filter(clause => clause !== '')
    .map(clause => {
      const [name = '', alias] = clause.split(' as ').map(word => word.trim());
      return [name.replace(/ /g, ''), alias];
    });
}
