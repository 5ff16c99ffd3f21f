import { setupLines } from '../../shared/setup-lines';
import { shPath, shQuote } from '../../shared/sh-quote';
import { buildProbe, type Wanted } from '../environments/probe-host';
import { limited, type ScriptPart } from '../schedulers/parallel-parts';
import { sayLine } from '../schedulers/reply-lines';

/** Where sites keep large files; text of sh, since only the host knows what they stand for. */
const PLACES: readonly [label: string, text: string][] = [
  ['scratch-user', '"/scratch/$sluice_user"'],
  ['scratch-users', '"/scratch/users/$sluice_user"'],
  ['work-user', '"/work/$sluice_user"'],
  ['data-user', '"/data/$sluice_user"'],
  ['lustre-user', '"/lustre/$sluice_user"']
];

const VARIABLES = ['SCRATCH', 'WORK', 'PROJECT'] as const;

const SECONDS = 10;
const MINORS = [9, 10, 11, 12, 13, 14, 15] as const;
const TOOLS = ['rsync', 'tar', 'apptainer', 'singularity', 'ch-run', 'enroot'] as const;

/**
 * What is told of a place: the nearest folder of it that exists, whether it may be written, its kind
 * of disk, its space and its inodes. Each line is a command of its own that may hang by itself.
 */
const place = (label: string, text: string, isOptional = false): ScriptPart => ({
  name: `place-${label.toLowerCase()}`,
  text: `sluice_user=$(id -un)
sluice_place=${text}
case $sluice_place in /*) ;; *) exit 0 ;; esac
${isOptional ? '[ -d "$sluice_place" ] || exit 0' : ':'}
printf 'path %s\\n' "$sluice_place"
sluice_there=$sluice_place
while [ ! -d "$sluice_there" ] && [ "$sluice_there" != / ]; do
  sluice_there=$(dirname "$sluice_there")
done
printf 'there %s\\n' "$sluice_there"
[ -w "$sluice_there" ] && echo writable
sluice_kind=$(${limited(SECONDS)} stat -f -c %T "$sluice_there" 2>/dev/null) && printf 'kind %s\\n' "$sluice_kind"
${limited(SECONDS)} df -kP "$sluice_there" 2>/dev/null | sed -n '2s/^/space /p'
${limited(SECONDS)} df -iP "$sluice_there" 2>/dev/null | sed -n '2s/^/inodes /p'
if [ "$sluice_kind" = lustre ] && command -v lfs >/dev/null 2>&1; then
  ${limited(SECONDS)} lfs quota -q -u "$sluice_user" "$sluice_there" 2>/dev/null | tr '\\n' ' ' | sed 's/^/lustre /'
  echo
fi`
});

// A shell without login lacks what the profile says of a site's disks.
const named = (variable: string): [string, string] => [
  variable,
  `$([ -n "\${${variable}-}" ] || [ ! -r /etc/profile ] || . /etc/profile >/dev/null 2>&1
printf %s "\${${variable}-}")`
];

const SHELL: ScriptPart = {
  name: 'shell',
  text: `sluice_shell=\${SHELL-}
[ -n "$sluice_shell" ] || sluice_shell=$(getent passwd "$(id -un)" 2>/dev/null | cut -d: -f7)
printf 'login %s\\n' "$sluice_shell"
printf 'user %s\\n' "$(id -un)"
printf 'node %s\\n' "$(uname -n)"
printf 'system %s\\n' "$(uname -srm)"`
};

const QUOTA: ScriptPart = {
  name: 'quota',
  text: `command -v quota >/dev/null 2>&1 || exit 0
${limited(SECONDS)} quota -w 2>/dev/null`
};

const pythons = (setup: readonly string[]): ScriptPart => ({
  name: 'pythons',
  text: `${setupLines(setup).join('\n')}
for sluice_name in python3 ${MINORS.map(minor => `python3.${minor}`).join(' ')}; do
  sluice_path=$(command -v "$sluice_name" 2>/dev/null) || continue
  case $sluice_path in /*) ;; *) continue ;; esac
  sluice_version=$(${limited(SECONDS)} "$sluice_path" -V 2>&1) || continue
  printf 'python %s %s\\n' "\${sluice_version#Python }" "$sluice_path"
done`
});

// `module` prints to stderr, and only a shell that read the profile has it.
const MODULES: ScriptPart = {
  name: 'modules',
  text: `${setupLines(['module ']).slice(0, -1).join('\n')}
command -v module >/dev/null 2>&1 || exit 0
module -t avail python 2>&1 | grep -i '^python' | sed 's/^/module /'`
};

const TOOL_PART: ScriptPart = {
  name: 'tools',
  text: `for sluice_name in ${TOOLS.join(' ')}; do
  command -v "$sluice_name" >/dev/null 2>&1 || continue
  sluice_version=$(${limited(SECONDS)} "$sluice_name" --version 2>/dev/null | head -n 1)
  printf 'tool %s %s\\n' "$sluice_name" "$sluice_version"
done`
};

/** What is looked at on the machine itself, beside what its scheduler says. */
export function surveyParts(wanted: Wanted): ScriptPart[] {
  return [
    SHELL,
    { name: 'probe', text: buildProbe(wanted) },
    place('home', '"$HOME"'),
    ...[...PLACES, ...VARIABLES.map(named)].map(([label, text]) => place(label, text, true)),
    place('root', shPath(wanted.root)),
    QUOTA,
    pythons(wanted.setup),
    MODULES,
    TOOL_PART
  ];
}

/** Text that looks whether `root` may be written, by writing a little of it; says where it made it. */
export function buildRootTrial(root: string, key: string): string {
  const [base, folder] = [shQuote(`${root}/doctor`), shQuote(`${root}/doctor/${key}`)];
  return `[ -d ${shQuote(root)} ] || ${sayLine('made-root')}
mkdir -p ${folder} || exit 1
cd ${folder} || exit 1
chmod 700 . || exit 1
dd if=/dev/zero of=trial bs=65536 count=16 2>dd.words
[ "$(wc -c <trial)" -eq 1048576 ] || { cat dd.words >&2; echo 'no room for 1 MB' >&2; exit 1; }
rm -f trial dd.words
# What a run of the doctor left behind that was cut off.
find ${base}/. ! -name . -prune -mtime +1 -exec rm -rf {} + 2>/dev/null
exit 0`;
}

/** Text that takes away what {@link buildRootTrial} made. */
export function buildRootCleanUp(root: string, key: string, hasMadeRoot: boolean): string {
  const [base, folder] = [shQuote(`${root}/doctor`), shQuote(`${root}/doctor/${key}`)];
  const away = [`cd / && rm -rf ${folder}`, `rmdir ${base} 2>/dev/null`];
  return [...away, ...(hasMadeRoot ? [`rmdir ${shQuote(root)} 2>/dev/null`] : []), 'exit 0'].join(
    '\n'
  );
}
