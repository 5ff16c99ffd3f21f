import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync
} from 'node:fs';
import { join } from 'node:path';
import { runShell } from './run-shell';

/**
 * At a point of this name it says so on descriptor 3, and goes on when descriptor 4 lets it. The fault
 * that is tried happens in between.
 */
export const POINT = `sluice_point() {
  if [ "$1" = "\${FAKE_POINT-}" ]; then echo "$1" >&3; read -r sluice_go <&4 || :; fi
}`;

const SBATCH = `#!/bin/sh
${POINT}
for word; do
  case $word in --job-name=*) name=\${word#*=} ;; esac
  script=$word
done
case \${FAKE_SAY-} in
  unreached)
    if mkdir "$FAKE/said" 2>/dev/null; then
      echo 'sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)' >&2
      exit 1
    fi ;;
  refused) echo 'sbatch: error: Batch job submission failed: Invalid account' >&2; exit 1 ;;
  not-taken-*) echo "sbatch: error: Batch job submission failed: \${FAKE_WORDS}" >&2; exit 1 ;;
esac
sluice_point sbatch
number=1
until mkdir "$FAKE/jobs/$number" 2>/dev/null; do number=$((number + 1)); done
echo "$name" >"$FAKE/jobs/$number/name"
echo "$script" >"$FAKE/jobs/$number/script"
echo PENDING >"$FAKE/jobs/$number/state"
sluice_point accepted
case \${FAKE_SAY-} in
  taken-*) echo "sbatch: error: Batch job submission failed: \${FAKE_WORDS}" >&2; exit 1 ;;
  silent) exit 0 ;;
  killed) kill -9 $$ ;;
  half) printf %s "$number"; exit 0 ;;
esac
echo "$number"
sluice_point printed
`;

/** Whatever fields are asked for, in their order. */
const ROWS = `row() {
  IFS= read -r name <"$FAKE/jobs/$number/name"
  line=
  IFS=,
  for field in $1; do
    case \${field%%:*} in
      JobID | JobIDRaw) value=$number ;;
      State) value=$state ;;
      Name | JobName) value=$name ;;
      RestartCnt) value=0 ;;
      exit_code | ExitCode) value=0:0 ;;
      UserID | UID) value=$FAKE_UID ;;
      *) value=N/A ;;
    esac
    line="$line\${line:+|}$value"
  done
  unset IFS
  echo "$line"
}
numbers= wanted= fields=
for word; do
  case $word in
    --name=*) wanted=\${word#*=} ;;
    --jobs=*) numbers=,\${word#*=}, ;;
    --[Ff]ormat=*) fields=\${word#*=} ;;
  esac
done
for path in "$FAKE"/jobs/*/state; do
  [ -f "$path" ] || continue
  number=\${path%/state}
  number=\${number##*/}
  IFS= read -r state <"$path"
  IFS= read -r name <"$FAKE/jobs/$number/name"
  case $state in
    PENDING | RUNNING) ;;
    *) [ "$kind" = sacct ] || [ -z "\${FAKE_FORGETS-}" ] || continue ;;
  esac
  [ -z "$wanted" ] || [ "$wanted" = "$name" ] || continue
  case $numbers in '' | *",$number,"*) row "$fields" ;; esac
done
`;

const SCANCEL = `#!/bin/sh
for number; do
  read -r state <"$FAKE/jobs/$number/state"
  if [ "$state" = PENDING ]; then echo CANCELLED >"$FAKE/jobs/$number/state"; fi
done
`;

/** Stands in for the worker: makes the claim as it does, and notes that the person's code ran. */
const WORKER = `#!/bin/sh
cd "$3" || exit 2
mkdir "claim.$$" && printf '{"version": 1, "jobId": "%s", "attempt": 0}' "$SLUICE_JOB_ID" >"claim.$$/owner"
if ! mv -T "claim.$$" claim 2>/dev/null; then rm -rf "claim.$$"; exit 3; fi
echo "$SLUICE_JOB_ID \${3##*/}" >>"$FAKE/ran"
`;

export type FakeJob = { number: string; key: string; state: string };

/** Slurm's commands over a small spool folder, for many trials; its queue runs jobs when it is told to. */
export class FakeSlurm {
  private readonly bin: string;

  constructor(
    private readonly folder: string,
    /** Jobs that are over are known to accounting alone. */
    private readonly forgets: boolean
  ) {
    this.bin = join(folder, 'bin');
    mkdirSync(join(folder, 'jobs'), { recursive: true });
    mkdirSync(this.bin);
    const write = (name: string, text: string): void => {
      writeFileSync(join(this.bin, name), text);
      chmodSync(join(this.bin, name), 0o755);
    };
    write('sbatch', SBATCH);
    write('squeue', `#!/bin/sh\nkind=squeue\n${ROWS}`);
    write('sacct', `#!/bin/sh\nkind=sacct\n${ROWS}`);
    write('scancel', SCANCEL);
    write('date', '#!/bin/sh\necho "$FAKE_NOW"\n');
    write('worker', WORKER);
  }

  get worker(): string {
    return join(this.bin, 'worker');
  }

  environment(nowMs: number): NodeJS.ProcessEnv {
    return {
      PATH: `${this.bin}:/usr/bin:/bin`,
      FAKE: this.folder,
      FAKE_UID: String(process.getuid?.() ?? 0),
      FAKE_NOW: String(Math.floor(nowMs / 1000)),
      ...(this.forgets ? { FAKE_FORGETS: '1' } : {})
    };
  }

  get jobs(): FakeJob[] {
    const read = (number: string, name: string): string => {
      const path = join(this.folder, 'jobs', number, name);
      return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
    };
    return readdirSync(join(this.folder, 'jobs'))
      .map(number => ({ number, key: read(number, 'name'), state: read(number, 'state') }))
      .filter(({ state }) => state !== '');
  }

  /** The number and key of each run of a person's code. */
  get ran(): { number: string; key: string }[] {
    const path = join(this.folder, 'ran');
    const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
    return lines.map(line => {
      const [number = '', key = ''] = line.split(' ');
      return { number, key };
    });
  }

  /** Run what waits, each job once, to its end. */
  async runQueue(nowMs: number): Promise<void> {
    for (const { number, state } of this.jobs) {
      if (state === 'PENDING') {
        const path = join(this.folder, 'jobs', number);
        const script = readFileSync(join(path, 'script'), 'utf8').trim();
        const environment = { ...this.environment(nowMs), SLURM_JOB_ID: number };
        const { status } = await runShell(`exec sh '${script}' >/dev/null 2>&1`, { environment });
        writeFileSync(join(path, 'state'), status === 0 ? 'COMPLETED\n' : 'FAILED\n');
      }
    }
  }
}
