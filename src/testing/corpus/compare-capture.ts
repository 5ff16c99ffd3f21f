import { type CorpusCase, type ExpectedItem, type ListName, LISTS } from './corpus-case';

/** One item as it was captured, with all that is said of it. */
export type FoundItem = { item: string; reason: string };

export type Found = Record<ListName, FoundItem[]> & {
  manifest: string;
};

/** Each difference in words; none: the case holds. */
export function compareCapture({ expected, manifest }: CorpusCase, found: Found): string[] {
  const differences = LISTS.flatMap(list => compareList(list, expected[list], found[list]));
  if (manifest !== null && !found.manifest.startsWith(`sha256:${manifest}`)) {
    differences.push(`manifest: ${found.manifest} instead of sha256:${manifest}…`);
  }
  return differences;
}

function compareList(
  list: string,
  expected: readonly ExpectedItem[],
  found: readonly FoundItem[]
): string[] {
  const missing = expected.filter(({ item }) => !found.some(each => each.item === item));
  const tooMuch = found.filter(({ item }) => !expected.some(each => each.item === item));
  return [
    ...missing.map(({ item }) => `${list}: ${item} is missing`),
    ...tooMuch.map(({ item, reason }) => `${list}: ${item} is too much (${reason})`),
    ...expected.flatMap(each => compareReason(list, each, found))
  ];
}

function compareReason(
  list: string,
  { item, reason }: ExpectedItem,
  found: readonly FoundItem[]
): string[] {
  const reasons = found.filter(each => each.item === item).map(each => each.reason);
  if (reason === null || reasons.length === 0 || reasons.some(each => each.includes(reason))) {
    return [];
  }
  return [`${list}: of ${item} it is said “${reasons.join('”, “')}”, which lacks “${reason}”`];
}
