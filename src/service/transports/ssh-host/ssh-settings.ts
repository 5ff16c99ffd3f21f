import { matchesPatternList } from './host-pattern';
import type { ConfigLine } from './ssh-config-file';

/** Settings by lower-case keyword, in the order in which they were found. */
export type SshSettings = Map<string, string[]>;

/** For whom a configuration is asked. */
export type SettingsQuery = {
  /** The name as the person wrote it. */
  host: string;
  /** The user that was given with the name, if any. */
  user?: string;
  localUser: string;
};

// Each further line of these adds to the ones before; of all others the first one counts.
const REPEATED = new Set(['identityfile', 'certificatefile']);

type Pass = SettingsQuery & {
  settings: SshSettings;
  isFinal: boolean;
  /** Match criteria that were met and could not be decided here. */
  undecided: Set<string>;
  wantsFinal: boolean;
};

/** The settings that a configuration has for a host, as OpenSSH would choose them. */
export function evaluateSettings(
  lines: readonly ConfigLine[],
  query: SettingsQuery
): { settings: SshSettings; undecided: string[] } {
  const pass: Pass = {
    ...query,
    settings: new Map(),
    isFinal: false,
    undecided: new Set(),
    wantsFinal: false
  };
  visit(lines, pass);
  if (pass.wantsFinal) {
    pass.isFinal = true;
    pass.host = hostName(pass);
    visit(lines, pass);
  }
  if ((pass.settings.get('canonicalizehostname')?.[0] ?? 'no') !== 'no') {
    pass.undecided.add('CanonicalizeHostname');
  }
  return { settings: pass.settings, undecided: [...pass.undecided] };
}

const hostName = ({ settings, host }: Pass): string =>
  (settings.get('hostname')?.[0] ?? host).replaceAll('%h', host);

function visit(lines: readonly ConfigLine[], pass: Pass): void {
  for (const line of lines) {
    if (line.kind === 'setting') {
      set(pass.settings, line.keyword, line.values, pass.isFinal);
    } else if (line.kind === 'included' || isActive(line.keyword, line.values, pass)) {
      visit(line.lines, pass);
    }
  }
}

function set(settings: SshSettings, keyword: string, values: string[], isFinal: boolean): void {
  const present = settings.get(keyword);
  if (present === undefined) {
    settings.set(keyword, values);
  } else if (REPEATED.has(keyword)) {
    // The final pass sees the lines of the first one again.
    const added = isFinal ? values.filter(value => !present.includes(value)) : values;
    settings.set(keyword, [...present, ...added]);
  }
}

function isActive(keyword: 'host' | 'match', values: readonly string[], pass: Pass): boolean {
  return keyword === 'host' ? matchesPatternList(pass.host, values) : isMatch(values, pass);
}

/** All criteria of a Match line must hold; they are looked at in turn, as in OpenSSH. */
function isMatch(words: readonly string[], pass: Pass): boolean {
  for (let index = 0; index < words.length; index += 1) {
    const word = (words[index] ?? '').toLowerCase();
    const isNegated = word.startsWith('!');
    const name = isNegated ? word.slice(1) : word;
    const takesValue = !['all', 'final', 'canonical'].includes(name);
    index += takesValue ? 1 : 0;
    const holds = criterion(name, words[index] ?? '', pass);
    if (holds === null) {
      pass.undecided.add(`Match ${name}`);
    }
    if (holds === null || holds === isNegated) {
      return false;
    }
  }
  return true;
}

/** Whether one criterion holds; null for those that would need a command, or are not known. */
function criterion(name: string, value: string, pass: Pass): boolean | null {
  const patterns = value.split(',');
  switch (name) {
    case 'all':
      return true;
    case 'final':
      pass.wantsFinal = true;
      return pass.isFinal;
    case 'canonical':
      return pass.isFinal;
    case 'host':
      return matchesPatternList(hostName(pass), patterns);
    case 'originalhost':
      return matchesPatternList(pass.host, patterns);
    case 'user':
      return matchesPatternList(
        pass.user ?? pass.settings.get('user')?.[0] ?? pass.localUser,
        patterns
      );
    case 'localuser':
      return matchesPatternList(pass.localUser, patterns);
    default:
      return null;
  }
}
