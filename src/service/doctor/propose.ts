import { sizeWords } from '../../shared/size-words';
import type { Partition } from '../../shared/wire/limits';
import type { PythonChoice } from './choose-python';
import { SMALL_BYTES } from './host-findings';
import { type DiskPlace, isLocalDisk } from './places';
import { choosePartition } from './slurm-findings';
import type { Subject } from './subject';
import type { TrialReport } from './trial-reply';

/** A key of a target's table, its value, and why; `reason` null: it only says what was asked for. */
export type ProposedKey = { key: string; value: string | string[]; reason: string | null };

export type ProposalFacts = {
  subject: Subject;
  scheduler: 'slurm' | 'process';
  places: readonly DiskPlace[];
  partitions: readonly Partition[];
  python: PythonChoice | null;
  report: TrialReport | null;
  isRootUsable: boolean;
};

const DEFAULT_ROOT = '~/.sluice';
/** A disk that is not clearly larger is not worth the move. */
const LEAST_GAIN = 4;

/** Disks that sites do not clear come before scratch. */
const isScratch = ({ label, path }: DiskPlace): boolean => /scratch|lustre/i.test(label + path);

/** Whether a job could work there: it was seen to, or nothing speaks against it. */
function isReachable(place: DiskPlace, report: TrialReport | null): boolean {
  const look = report?.places[place.path];
  return look === undefined ? !isLocalDisk(place) : look !== null && look.seen && look.writable;
}

function proposeRoot(facts: ProposalFacts): ProposedKey | null {
  const { subject, places, report, isRootUsable } = facts;
  const root = places.find(({ label }) => label === 'root');
  const home = places.find(({ label }) => label === 'home');
  const room = Math.min(root?.roomBytes ?? Infinity, root?.quotaBytes ?? Infinity);
  const isSmall = room < SMALL_BYTES && subject.target.root === DEFAULT_ROOT;
  const isMissing = root !== undefined && report !== null && !isRootSeen(root, home, report);
  if (isRootUsable && !isSmall && !isMissing) {
    return null;
  }
  const others = places.filter(place => place.label !== 'root' && place.label !== 'home');
  const larger = (place: DiskPlace): boolean =>
    !isSmall || (place.roomBytes ?? 0) > Math.max(SMALL_BYTES, room * LEAST_GAIN);
  const fitting = others
    .filter(place => place.isWritable && place.hasAnswered && larger(place))
    .filter(place => isReachable(place, report))
    .sort((a, b) => Number(isScratch(a)) - Number(isScratch(b)));
  const [best] = fitting;
  if (best === undefined) {
    return null;
  }
  const why = !isRootUsable
    ? `${subject.target.root} cannot be written`
    : isMissing
      ? `compute nodes do not see ${root.path}`
      : `${root?.path ?? subject.target.root} has room for ${sizeWords(room)} only`;
  const there = best.roomBytes === null ? '' : `, which has room for ${sizeWords(best.roomBytes)}`;
  const purge = isScratch(best)
    ? '; sites clear scratch disks now and then, so fetch what you want to keep'
    : '';
  return {
    key: 'root',
    value: `${best.path.replace(/\/$/, '')}/sluice`,
    reason: `${why}; better ${best.path}${there}${purge}`
  };
}

/** The root itself may not have been there yet when the job looked: then its home counts. */
function isRootSeen(root: DiskPlace, home: DiskPlace | undefined, report: TrialReport): boolean {
  return [root, home].some(
    place => place !== undefined && report.places[place.path]?.seen === true
  );
}

function proposePartition({ subject, partitions }: ProposalFacts): ProposedKey | null {
  const named = subject.target.resources.partition ?? null;
  const isUp =
    named !== null &&
    partitions.some(({ name, isUp: up }) => up && named.split(',').includes(name));
  const chosen = choosePartition(partitions);
  if (chosen === null || isUp || (named === null && chosen.isDefault && !subject.isProvisional)) {
    return null;
  }
  const why = chosen.isDefault
    ? 'it is where the site sends jobs that name none, and it is up'
    : 'of those that are up it has the most nodes, and no GPUs that would be idle';
  const before = named === null ? '' : `${named} is not up; `;
  return { key: 'partition', value: chosen.name, reason: `${before}${chosen.name}: ${why}` };
}

function proposePython({ python }: ProposalFacts): ProposedKey[] {
  if (python === null) {
    return [];
  }
  const reason = `Python ${python.version} fits the Python here`;
  return [
    ...(python.setup === null ? [] : [{ key: 'setup', value: [python.setup], reason }]),
    ...(python.python === null ? [] : [{ key: 'python', value: python.python, reason }])
  ];
}

/** What to write for the target; empty: nothing to improve. A host that is no target yet gets all that makes one. */
export function proposeKeys(facts: ProposalFacts): ProposedKey[] {
  const { subject, scheduler } = facts;
  const { isProvisional, target } = subject;
  const host: ProposedKey[] = isProvisional
    ? [{ key: 'host', value: target.host ?? '', reason: null }]
    : [];
  const process: ProposedKey[] =
    isProvisional && scheduler === 'process'
      ? [{ key: 'scheduler', value: 'process', reason: 'there is no Slurm on it' }]
      : [];
  const found = [proposeRoot(facts), scheduler === 'slurm' ? proposePartition(facts) : null];
  return [...host, ...process, ...found.filter(key => key !== null), ...proposePython(facts)];
}

/** A name for the table, made from the host where it is no target yet. */
export function nameFor({ target, isProvisional }: Subject): string {
  if (!isProvisional) {
    return target.name;
  }
  const host = target.name.replace(/^.*@/, '').replace(/:\d+$/, '');
  const first = /^[\d.]+$|:/.test(host) ? host : (host.split('.')[0] ?? host);
  return first.replace(/[^\w.-]+/g, '-').replace(/^-+|-+$/g, '') || 'cluster';
}
