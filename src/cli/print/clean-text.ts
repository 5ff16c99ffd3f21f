import { sizeWords } from '../../shared/size-words';
import type { CleanReport } from '../../shared/wire/clean';
import { plainText } from './plain-text';
import { table } from './table';

type Item = CleanReport['removed'][number];

const DAY_SECONDS = 86_400;
/** Young snapshots may be many; `--json` has all. */
const MOST_KEPT = 20;

const rows = (items: readonly Item[], word: string): string[][] =>
  items.map(({ place, bytes, ageSeconds, why }) => [
    word,
    place,
    sizeWords(bytes),
    `${Math.floor(ageSeconds / DAY_SECONDS)} d`,
    why
  ]);

/** What went or would go, what asks, and how to answer that. */
export function cleanText(report: CleanReport, target: string): string {
  const { removed, kept, asks, dryRun, root, bytesBefore } = report;
  const freed = removed.reduce((sum, { bytes }) => sum + bytes, 0);
  const stays = dryRun ? kept.slice(0, MOST_KEPT) : [];
  const all = [
    ...rows(removed, dryRun ? 'would go' : 'removed'),
    ...rows(asks, 'asks'),
    ...rows(stays, 'stays')
  ];
  const list = all.length === 0 ? '' : table(['', 'WHAT', 'SIZE', 'AGE', 'WHY'], all);
  const verb = dryRun ? 'would be freed' : 'freed';
  const summary =
    `${plainText(root)} on ${target}: ${sizeWords(freed)} of ${sizeWords(bytesBefore)} ${verb}, ` +
    `${kept.length} kept.\n`;
  return list + summary + askText(asks, target);
}

function askText(asks: readonly Item[], target: string): string {
  const runs = asks.map(({ place }) => plainText(place.replace(/^runs\//, '')));
  if (runs.length === 0) {
    return '';
  }
  return (
    'What asks was neither fetched nor dismissed: see `sluice files ID`, `sluice fetch ID`, ' +
    `or remove it all the same with \`sluice clean ${target} --even ${runs.join(' ')}\`.\n`
  );
}
