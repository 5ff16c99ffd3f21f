import { type HostFacts, parseProbe, type Wanted } from '../environments/probe-host';
import {
  buildParts,
  type PartReply,
  readParts,
  type ScriptPart
} from '../schedulers/parallel-parts';
import { parseSlurmFacts, SLURM_PARTS, type SlurmFacts } from '../schedulers/slurm-facts';
import { type DiskPlace, lineOf, parsePlace, parseQuotas } from './places';
import { surveyParts } from './survey-parts';

export type FoundPython = { version: string; name: string };

/** What one script found out about a host. */
export type Survey = {
  shell: string;
  user: string;
  node: string;
  system: string;
  slurm: SlurmFacts;
  /** What the target's own root and Python are. */
  facts: HostFacts;
  places: DiskPlace[];
  pythons: FoundPython[];
  /** Names that `module load` takes. */
  modules: string[];
  tools: { name: string; version: string }[];
  /** Parts that did not answer in time. */
  silent: string[];
};

const SECONDS = 25;

/** For the transport: the script ends by itself before. */
export const SURVEY_TIMEOUT_MS = (SECONDS + 15) * 1000;

/** What to ask, and how to read the answer. */
export type SurveyQuestion = { script: string; read: (stdout: string) => Survey };

/** All that is asked of a host at once. */
export function surveyOf(wanted: Wanted, withSlurm: boolean): SurveyQuestion {
  const parts = [...surveyParts(wanted), ...(withSlurm ? SLURM_PARTS : [])];
  return {
    script: buildParts(parts, SECONDS),
    read: stdout => readSurvey(readParts(stdout, parts), parts)
  };
}

function placesOf(
  replies: ReadonlyMap<string, PartReply>,
  parts: readonly ScriptPart[],
  quotas: ReturnType<typeof parseQuotas>
): DiskPlace[] {
  const found = parts.flatMap(({ name }) => {
    const label = /^place-(.*)$/.exec(name)?.[1];
    const reply = replies.get(name);
    const place =
      label === undefined || reply === undefined ? null : parsePlace(label, reply, quotas);
    return place === null ? [] : [place];
  });
  // Home and root are always told of; others once, and only where they exist.
  const isBase = ({ label }: DiskPlace): boolean => label === 'home' || label === 'root';
  const others = found.filter(place => !isBase(place) && place.exists && place.mount !== '/');
  const fresh = others.filter(
    ({ path }, index) => others.findIndex(other => other.path === path) === index
  );
  return [...found.filter(isBase), ...fresh];
}

function readSurvey(replies: ReadonlyMap<string, PartReply>, parts: readonly ScriptPart[]): Survey {
  const linesOf = (name: string): string[] => replies.get(name)?.lines ?? [];
  const words = (name: string, kind: string): string[][] =>
    linesOf(name)
      .filter(line => line.startsWith(`${kind} `))
      .map(line => line.slice(kind.length + 1).split(' '));
  const shell = linesOf('shell');
  return {
    shell: lineOf(shell, 'login') ?? '',
    user: lineOf(shell, 'user') ?? '',
    node: lineOf(shell, 'node') ?? '',
    system: lineOf(shell, 'system') ?? '',
    slurm: parseSlurmFacts(replies),
    facts: parseProbe(linesOf('probe').join('\n'), ''),
    places: placesOf(replies, parts, parseQuotas(linesOf('quota'))),
    pythons: words('pythons', 'python').flatMap(([version = '', ...path]) =>
      /^3\.\d+\.\d+/.test(version)
        ? [{ version, name: path.join(' ').split('/').at(-1) ?? '' }]
        : []
    ),
    modules: words('modules', 'module').flatMap(([name = '']) => name.replace(/\(.*$/, '') || []),
    tools: words('tools', 'tool').map(([name = '', ...version]) => ({
      name,
      version: version.join(' ')
    })),
    silent: [...replies].flatMap(([name, { isDone }]) => (isDone ? [] : [name]))
  };
}
