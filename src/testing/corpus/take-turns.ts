/** Do work for each item, so many at a time, in order; each has a promise of its own. */
export function takeTurns<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>
): Promise<Result>[] {
  const running: Promise<unknown>[] = [];
  return items.map((item, index) => {
    const before = running[index - atOnce] ?? Promise.resolve();
    const result = before.then(() => work(item));
    // Whoever waits for the result hears of its failure.
    running[index] = result.catch(() => undefined);
    return result;
  });
}
