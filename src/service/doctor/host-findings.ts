import { SluiceError } from '../../shared/errors';
import { sizeWords } from '../../shared/size-words';
import { checkPython } from '../environments/check-python';
import type { Target } from '../targets/target';
import { fittingPythons, minorOf, type PythonChoice } from './choose-python';
import type { Finding } from './doctor-run';
import { type DiskPlace, isLocalDisk } from './places';
import type { Survey } from './survey';

/** Below this a home is not the place for snapshots and results. */
export const SMALL_BYTES = 20e9;
const FULL_BYTES = 100e6;
const FEW_INODES = 10_000;

/** The step `shell`. */
export function shellFinding({ shell, user, node, system }: Survey, noiseBytes: number): Finding {
  const name = shell.split('/').at(-1) || 'of an unknown name';
  const noise =
    noiseBytes === 0
      ? 'it prints nothing of its own'
      : `${noiseBytes} bytes that it prints at login are left out`;
  return {
    state: 'passed',
    found: `${name}; ${noise}`,
    details: [`${user} on ${node}`, system].filter(Boolean)
  };
}

/** One place in a line. */
export function placeWords(place: DiskPlace): string {
  const { label, path, kind, roomBytes, quotaBytes, roomInodes, isWritable, hasAnswered } = place;
  return [
    `${label} ${path}: ${roomBytes === null ? 'its room is not known' : `room for ${sizeWords(roomBytes)}`}`,
    ...(quotaBytes === null ? [] : [`quota ${sizeWords(quotaBytes)}`]),
    ...(roomInodes === null ? [] : [`${roomInodes} more files`]),
    ...(kind === null ? [] : [kind]),
    ...(isWritable ? [] : ['not writable']),
    ...(hasAnswered ? [] : ['DOES NOT ANSWER'])
  ].join(', ');
}

/** The step `disk`: warns where the root has little room, or a file system hangs. */
export function diskFinding({ places, silent }: Survey): Finding {
  const details = places.map(placeWords);
  const root = places.find(({ label }) => label === 'root');
  const hanging = [
    ...places.filter(({ hasAnswered }) => !hasAnswered).map(({ path }) => path),
    ...(silent.includes('quota') ? ['the quota of your disks'] : [])
  ];
  const room = root?.roomBytes ?? null;
  const found =
    room === null ? 'the room of the root folder is not known' : `room for ${sizeWords(room)}`;
  if (hanging.length > 0) {
    const silence = `${hanging.join(', ')}: no answer in time`;
    return { state: 'warning', found: `${found}; ${silence}`, details };
  }
  const isSmall = room !== null && room < FULL_BYTES;
  const hasFewFiles = root?.roomInodes != null && root.roomInodes < FEW_INODES;
  const why = isSmall ? 'that is nearly nothing' : hasFewFiles ? 'but only for few files' : null;
  return why === null
    ? { state: 'passed', found, details }
    : { state: 'warning', found: `${found}: ${why}`, details };
}

/** The step `mounts`, as far as the login node alone can tell. */
export function mountsFromHere({ places }: Survey, isCluster: boolean): Finding {
  const root = places.find(({ label }) => label === 'root');
  const kind = root?.kind ?? null;
  if (!isCluster) {
    return { state: 'passed', found: 'jobs run on this host, with its own disks' };
  }
  return root !== undefined && isLocalDisk(root)
    ? {
        state: 'warning',
        found: `the root lies on a disk of the login node (${kind}); compute nodes may not see it`
      }
    : {
        state: 'passed',
        found: `the root lies on ${kind ?? 'a disk of unknown kind'}; no job has looked`
      };
}

/** The step `tools`: what is missing costs time, no more. */
export function toolsFinding({ tools }: Survey): Finding {
  const names = tools.map(({ name }) => name);
  const containers = names.filter(name => !['rsync', 'tar'].includes(name));
  const details = tools.map(({ name, version }) => `${name}: ${version || 'version not told'}`);
  const found = [
    names.includes('rsync') ? 'rsync' : 'no rsync (files go as one tar stream)',
    containers.length > 0 ? containers.join(', ') : 'no container runtime'
  ].join('; ');
  return { state: names.includes('rsync') ? 'passed' : 'warning', found, details };
}

export type PythonFinding = Finding & {
  /** What to write into the target; null: what it has will do. */
  choice: PythonChoice | null;
};

function pythonsInWords(survey: Survey): string[] {
  const { pythons, modules } = survey;
  return [
    ...pythons.map(({ name, version }) => `${name} is ${version}`),
    ...(modules.length > 0 ? [`modules: ${modules.slice(0, 20).join(', ')}`] : [])
  ];
}

/** What is wrong with the target's own Python; null: nothing. */
function pythonProblem(
  { facts }: Survey,
  { name, python }: Target,
  localVersion: string | null
): SluiceError | null {
  try {
    checkPython({ facts, target: name, python: python ?? 'python3', localVersion });
    return null;
  } catch (error) {
    if (error instanceof SluiceError) {
      return error;
    }
    throw error;
  }
}

/**
 * The step `python`. A host that is no target yet has no Python of its own to be wrong: any that
 * fits will do. Another minor version than here is a warning: scripts still run.
 */
export function pythonFinding(
  survey: Survey,
  { target, isProvisional }: { target: Target; isProvisional: boolean },
  localVersion: string | null
): PythonFinding {
  const problem = pythonProblem(survey, target, localVersion);
  const details = pythonsInWords(survey);
  const own = survey.facts.pythonVersion;
  if (problem === null) {
    const found = `${target.python ?? 'python3'} is ${own ?? '?'}`;
    return { state: 'passed', found: `${found}${like(localVersion)}`, details, choice: null };
  }
  const fitting = fittingPythons(survey, localVersion);
  const others = problem.code === 'python-differs' ? [] : fittingPythons(survey, null);
  const [choice = null] = [...fitting, ...others];
  if (choice !== null && isProvisional) {
    const name = choice.setup ?? choice.python ?? 'python3';
    return {
      state: 'passed',
      found: `${name} is ${choice.version}${like(localVersion)}`,
      details,
      choice
    };
  }
  if (problem.code === 'python-differs') {
    const found = `${target.python ?? 'python3'} is ${own ?? '?'}, here it is ${minorOf(localVersion ?? '?')}`;
    return { state: 'warning', found, details, problem, choice };
  }
  return { state: 'failed', found: problem.message, details, problem, choice };
}

const like = (localVersion: string | null): string =>
  localVersion === null ? '' : `, the minor version that is needed (${minorOf(localVersion)})`;
