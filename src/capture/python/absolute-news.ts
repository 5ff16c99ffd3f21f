import type { Note } from '../../shared/wire/capture';
import type { FileRules } from '../file-rules';
import { normalizePath, relativePath } from '../posix-path';
import type { Candidate } from './path-candidates';
import type { Wanted } from './wanted-files';

/** Top folders that are no data of anybody. */
const SYSTEM = /^\/(?:dev|proc|sys|etc|usr|bin|sbin|lib\w*|run|boot|var\/(?:run|log))(?:\/|$)/;
/** Where sites keep data: a constant below these is a path, whatever is done with it. */
const DATA =
  /^\/(?:data\w*|scratch\w*|work\w*|home\w*|users?|projects?|mnt|media|gpfs\w*|lustre\w*|beegfs\w*|ceph\w*|nfs\w*|share\w*|store\w*|cluster|group\w*|lab\w*|srv|tmp|opt|archive\w*|cfs|global|pscratch|flash|fast|ssd|nvme|ibex|vast\w*)\//i;

/** Absolute paths that the run needs on the target, and places that its configuration lacks. */
export function absoluteNews(
  wanted: Wanted,
  { placesThere }: FileRules
): { absolute: string[]; notes: Note[] } {
  const found = new Set<string>();
  const notes = new Map<string, Note>();
  for (const candidate of wanted.missing) {
    const { base } = candidate;
    if (base.kind === 'place') {
      const there = placesThere[base.name];
      if (there === undefined) {
        notes.set(base.name, missingPlace(base.name, candidate));
      } else if (there.startsWith('/') && candidate.use !== 'written') {
        found.add(normalizePath(`${there}/${restOf(candidate)}`));
      }
    } else if (isAbsolute(candidate)) {
      found.add(normalizePath(candidate.name.replace(/\/[^/]*[*?[].*$/, '')));
    }
  }
  return { absolute: [...found].sort(), notes: [...notes.values()] };
}

function isAbsolute({ name, base, use, isGuess }: Candidate): boolean {
  if (base.kind !== 'cwd' || !name.startsWith('/') || isGuess || use === 'written') {
    return false;
  }
  const isSure = use === 'read' || use === 'tree' || use === 'listed' || use === 'glob';
  const hasParts = /^\/[^/]+\/[^/]/.test(name) && !/[\n\r<>{}|\\]/.test(name);
  return hasParts && !SYSTEM.test(name) && (isSure || (DATA.test(name) && !/\s/.test(name)));
}

/** What follows the place, up to what only the disk there could expand. */
function restOf({ absolute, base, pattern }: Candidate): string {
  const rest = base.kind === 'place' ? relativePath(base.folder, absolute) : '';
  return pattern === null && !rest.startsWith('..') ? rest : '';
}

function missingPlace(name: string, { source, line }: Candidate): Note {
  const text = `the target has no path of this name, which ${source.who}, line ${line}, asks for; add it under \`paths\` of the target`;
  return { kind: 'file', name: `sluice.path("${name}")`, text };
}
