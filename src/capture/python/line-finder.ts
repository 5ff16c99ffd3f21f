/** Tells the line, from 1, of a place in a source. */
export type LineFinder = (place: number) => number;

/** Count a source's lines once, when the first place is asked for. */
export function lineFinder(source: string): LineFinder {
  let ends: number[] | null = null;
  return place => {
    ends ??= lineEnds(source);
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < place) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low + 1;
  };
}

function lineEnds(source: string): number[] {
  const ends: number[] = [];
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) {
    ends.push(at);
  }
  return ends;
}
