import type { Plan } from '../../shared/wire/plan';
import type { Rehearsal } from '../../shared/wire/rehearsal';
import type { Resources } from '../../shared/wire/resources';
import { sizeWords } from '../../shared/size-words';
import { plainLines } from './plain-text';
import { table } from './table';

const MINUTE_MS = 60_000;

type Section = { title: string; heads: string[]; rows: string[][] };

const plural = (count: number, noun: string): string[] =>
  count === 0 ? [] : [`${count} ${noun}${count === 1 ? '' : 's'}`];

function headline({ modules, files, variables, transfer, target }: Plan): string {
  const parts = [
    ...plural(modules.length, 'module'),
    ...plural(files.length, 'file'),
    ...plural(variables.length, 'variable')
  ];
  const isOpen = variables.some(({ format }) => format === 'unknown');
  const size = sizeWords(transfer.bytes);
  const sizes = isOpen
    ? transfer.bytes === 0
      ? 'of a size that only a kernel knows,'
      : `${size} and what only a kernel holds`
    : size;
  const what = parts.length === 0 ? 'Only the cell itself' : [...parts, sizes].join(', ');
  return `${what} would travel to ${target}; nothing was sent.`;
}

/** A run is refused as long as nobody decides. */
function decisionLines({ undecided }: Plan): string[] {
  const files = undecided.map(({ path, bytes }) => `${path} (${sizeWords(bytes)})`);
  const [count = ''] = plural(undecided.length, 'large file');
  return files.length === 0
    ? []
    : [`A run is refused until you decide on ${count}: ${files.join(', ')}.`];
}

function askedWords(resources: Resources): string {
  return Object.entries(resources)
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(' ') : value}`)
    .join(', ');
}

const two = (number: number): string => `${number}`.padStart(2, '0');

/** An instant as the clock here shows it, with its day where that is not today. */
function startWords(iso: string, nowMs: number): string {
  const [start, now] = [new Date(iso), new Date(nowMs)];
  if (start.getTime() - nowMs < MINUTE_MS) {
    return 'at once';
  }
  const clock = `${two(start.getHours())}:${two(start.getMinutes())}`;
  const day = `${start.getFullYear()}-${two(start.getMonth() + 1)}-${two(start.getDate())}`;
  return start.toDateString() === now.toDateString() ? clock : `${day} ${clock}`;
}

function submitLines({ submit, resources }: Plan, nowMs: number): string[] {
  if (submit === null) {
    return [];
  }
  const asked = askedWords(resources);
  const { accepted, estimatedStart, message, smaller } = submit;
  const verdict = accepted ? 'would be taken' : 'would be REFUSED';
  const start = accepted && estimatedStart ? `, start ${startWords(estimatedStart, nowMs)}` : '';
  const words = `The job${asked === '' ? '' : ` (${asked})`} ${verdict}${start}`;
  const lines = [message === null ? `${words}.` : `${words}: ${message}`];
  if (smaller?.estimatedStart) {
    const entries = Object.entries(smaller.resources) as [keyof Resources, unknown][];
    const less = Object.fromEntries(entries.filter(([name, value]) => value !== resources[name]));
    const asAsked = estimatedStart ? startWords(estimatedStart, nowMs) : 'no date';
    const sooner = startWords(smaller.estimatedStart, nowMs);
    lines.push(`Sooner with less: ${askedWords(less)}: ${sooner}; as asked: ${asAsked}.`);
  }
  return lines;
}

function rehearsalLines({ ok, seconds, uncaptured, message }: Rehearsal): string[] {
  const verdict = ok
    ? 'it needed nothing that does not travel'
    : uncaptured.length > 0
      ? `it needed ${uncaptured.length} thing${uncaptured.length === 1 ? '' : 's'} that would not travel`
      : 'it did not come to its end';
  const missing = uncaptured.map(({ kind, name, line, text }) => {
    const where = line === null ? '' : ` (line ${line})`;
    return `  ${kind} ${name}${where}${text === '' ? '' : `: ${text}`}`;
  });
  return [
    `The rehearsal ran for ${seconds.toFixed(1)} s; ${verdict}.`,
    ...(message?.split('\n') ?? []),
    ...missing
  ];
}

function sectionsOf(plan: Plan): Section[] {
  const { leftOut, notes, modules, files, variables, packages } = plan;
  return [
    {
      title: 'Left out',
      heads: ['KIND', 'NAME', 'WHY'],
      rows: leftOut.map(({ kind, name, reason }) => [kind, name, reason])
    },
    {
      title: 'Worth a look',
      heads: ['KIND', 'NAME', 'WHAT'],
      rows: notes.map(({ kind, name, text }) => [kind, name, text])
    },
    {
      title: 'Modules',
      heads: ['MODULE', 'FILE', 'SIZE', 'WHY'],
      rows: modules.map(({ module, path, bytes, why }) => [module, path, sizeWords(bytes), why])
    },
    {
      title: 'Files',
      heads: ['FILE', 'SIZE', 'WHY'],
      rows: files.map(({ path, bytes, why }) => [path, sizeWords(bytes), why])
    },
    {
      title: 'Variables',
      heads: ['NAME', 'TYPE', 'SIZE', 'TRAVELS AS', 'WHY'],
      rows: variables.map(({ name, type, bytes, format, why }) => {
        const size = format === 'unknown' ? 'not known' : sizeWords(bytes);
        return [name, type, size, format, why];
      })
    },
    {
      title: 'Packages, which must be there',
      heads: ['PACKAGE', 'VERSION', 'WHY'],
      rows: packages.map(({ name, version, why }) => [name, version, why])
    }
  ];
}

const indented = (text: string): string => text.trimEnd().replace(/^/gm, '  ');

/** A plan for a terminal: one sentence, what may need a person, what travels and why, the script. */
export function planText(plan: Plan, nowMs: number): string {
  const first = [headline(plan), ...decisionLines(plan), ...submitLines(plan, nowMs)];
  const rehearsal = plan.rehearsal === null ? [] : [rehearsalLines(plan.rehearsal)];
  const sections = sectionsOf(plan)
    .filter(({ rows }) => rows.length > 0)
    .map(({ title, heads, rows }) => `${title} (${rows.length})\n${indented(table(heads, rows))}`);
  return `${[
    ...[first, ...rehearsal].map(lines => plainLines(lines.join('\n'))),
    ...sections,
    `Script\n${indented(plainLines(plan.script))}`
  ].join('\n\n')}\n`;
}
