import { TestbedError } from './testbed-error.ts';

/**
 * One setting that a test may turn. It adds lines to the configuration files, so a new knob is a
 * new row here and nothing else.
 */
type Knob = {
  about: string;
  defaultValue: string;
  pattern: RegExp;
  slurmConf?: (value: string) => string[];
  sshdConf?: (value: string) => string[];
  /** Lines of sh that run before each command of a login; see `login-script.ts`. */
  login?: (value: string) => string[];
};

const wholeNumber = /^\d{1,6}$/;

/** Every knob of the testbed. */
export const KNOBS = {
  minJobAge: {
    about: 'seconds for which slurmctld remembers a finished job',
    defaultValue: '300',
    pattern: wholeNumber,
    slurmConf: value => [`MinJobAge=${value}`]
  },
  accounting: {
    about: 'slurmdbd with a MariaDB, or none: on, none',
    defaultValue: 'none',
    pattern: /^(none|on)$/
  },
  killWait: {
    about: 'seconds between the SIGTERM and the SIGKILL of a job that Slurm ends',
    defaultValue: '5',
    pattern: wholeNumber,
    slurmConf: value => [`KillWait=${value}`]
  },
  slurmctldParameters: {
    about: "Slurm's SlurmctldParameters, such as preempt_send_user_signal",
    defaultValue: 'none',
    pattern: /^[\w=,.:-]+$/,
    slurmConf: value => (value === 'none' ? [] : [`SlurmctldParameters=${value}`])
  },
  outOfMemory: {
    about:
      'who ends a job that takes more memory than it asked for: nobody (none), Slurm when it looks (poll), the ' +
      'kernel at once (cgroup, as root)',
    defaultValue: 'none',
    pattern: /^(none|poll|cgroup)$/,
    slurmConf: value => [
      `TaskPlugin=${value === 'cgroup' ? 'task/cgroup' : 'task/none'}`,
      ...(value === 'poll' ? ['JobAcctGatherParams=OverMemoryKill'] : [])
    ]
  },
  schedulerParameters: {
    about: "Slurm's SchedulerParameters; `default` leaves Slurm's own, with 1 to 3 s before a job",
    defaultValue: 'batch_sched_delay=0',
    pattern: /^[\w=,.:-]+$/,
    slurmConf: value => (value === 'default' ? [] : [`SchedulerParameters=${value}`])
  },
  maxSessions: {
    about: 'sessions that sshd allows in one connection',
    defaultValue: '10',
    pattern: wholeNumber,
    sshdConf: value => [`MaxSessions ${value}`]
  },
  maxStartups: {
    about: 'unauthenticated connections that sshd bears: start:rate:full',
    defaultValue: '10:30:100',
    pattern: /^\d{1,4}(:\d{1,3}:\d{1,4})?$/,
    sshdConf: value => [`MaxStartups ${value}`]
  },
  loginShell: {
    about: 'the shell that gets each command of a login: sh, bash, dash, zsh, tcsh or fish',
    defaultValue: 'own',
    pattern: /^(own|sh|bash|dash|zsh|tcsh|fish)$/,
    login: value => (value === 'own' ? [] : [`shell=$(command -v ${value}) || exit 127`])
  },
  loginPath: {
    about: 'a folder that comes first on the PATH of a login, for programs that stand in',
    defaultValue: 'own',
    pattern: /^(own|\/[\w./@+-]+)$/,
    login: value => (value === 'own' ? [] : [`PATH=${value}:$PATH; export PATH`])
  },
  loginNoise: {
    about: 'bytes that a login prints before each command, as a talkative start-up file does',
    defaultValue: '0',
    pattern: /^\d{1,8}$/,
    login: value => (value === '0' ? [] : [`head -c ${value} /dev/zero | tr '\\0' 'x'; echo`])
  },
  banner: {
    about: 'words that sshd shows before a login',
    defaultValue: 'none',
    pattern: /^[\w .,:!-]{1,200}$/
  },
  latencyMs: {
    about: 'milliseconds that each way to the login node takes',
    defaultValue: '0',
    pattern: wholeNumber
  },
  bytesPerSecond: {
    about: 'bytes a second that go each way; `any` for as many as can',
    defaultValue: 'any',
    pattern: /^(any|[1-9]\d{2,9})$/
  }
} satisfies Record<string, Knob>;

/** The name of a knob. */
export type KnobName = keyof typeof KNOBS;

/** A value for every knob. */
export type KnobValues = Record<KnobName, string>;

const entries = Object.entries(KNOBS) as [KnobName, Knob][];

/** The knobs as they stand when nobody turned one. */
export function defaultKnobs(): KnobValues {
  return Object.fromEntries(entries.map(([name, knob]) => [name, knob.defaultValue])) as KnobValues;
}

/** Checks settings that came from outside: names that exist, values in their form. */
export function checkKnobs(values: Record<string, string>): Partial<KnobValues> {
  for (const [name, value] of Object.entries(values)) {
    const knob = entries.find(([known]) => known === name)?.[1];
    if (knob === undefined) {
      const known = entries.map(([each]) => each).join(', ');
      throw new TestbedError(`There is no knob "${name}". There are: ${known}.`, 2);
    }
    if (!knob.pattern.test(value)) {
      throw new TestbedError(`Knob ${name} cannot be "${value}" (${knob.about}).`, 2);
    }
  }
  return values;
}

/** The lines that the knobs add to slurm.conf. */
export function slurmConfOfKnobs(values: KnobValues): string[] {
  return entries.flatMap(([name, knob]) => knob.slurmConf?.(values[name]) ?? []);
}

/** The lines that the knobs add to sshd_config. */
export function sshdConfOfKnobs(values: KnobValues): string[] {
  return entries.flatMap(([name, knob]) => knob.sshdConf?.(values[name]) ?? []);
}

/** Whether connections go through the slow link. */
export function hasSlowLink({ latencyMs, bytesPerSecond }: KnobValues): boolean {
  return latencyMs !== '0' || bytesPerSecond !== 'any';
}

/** The lines that the knobs add to what a login runs before its command. */
export function loginLinesOfKnobs(values: KnobValues): string[] {
  return entries.flatMap(([name, knob]) => knob.login?.(values[name]) ?? []);
}
