/** Names bound so far on some way through a source; false: perhaps. */
export type Bound = Map<string, boolean>;

/** After all of these ways: sure is what each of them binds. */
export function merge(bound: Bound, ways: readonly Bound[]): void {
  const names = new Set(ways.flatMap(way => [...way.keys()]));
  names.forEach(name => {
    bound.set(
      name,
      ways.every(way => way.get(name) === true)
    );
  });
}
