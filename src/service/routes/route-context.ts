import type { LoginDesk } from '../logins/login-desk';
import type { TargetNews } from '../logins/target-news';
import type { Adopter } from '../adoption/adopter';
import type { Cleaner } from '../cleaning/cleaner';
import type { Doctor } from '../doctor/doctor';
import type { FilesHome } from '../files/files-home';
import type { Rehearser } from '../rehearsal/rehearser';
import type { Consents } from '../targets/consents';
import type { KnownLimits } from '../targets/known-limits';
import type { KnownTrust } from '../targets/known-trust';
import type { TargetBook } from '../targets/target-book';
import type { Targets } from '../../shared/wire/service';
import type { Hosts } from '../tasks/hosts';
import type { OutputFiles } from '../tasks/output-files';
import type { TaskArchive } from '../tasks/task-archive';
import type { TaskLog } from '../tasks/task-log';
import type { TaskService } from '../tasks/task-service';
import type { ValuesHome } from '../tasks/values-home';
import type { Leases } from './leases';
import type { Presence } from './presence';

/** What the routes stand on. */
export type RouteContext = {
  tasks: TaskService;
  hosts: Hosts;
  rehearser: Rehearser;
  taskLog: TaskLog;
  outputs: OutputFiles;
  archive: TaskArchive;
  files: FilesHome;
  cleaner: Cleaner;
  adopter: Adopter;
  doctor: Doctor;
  /** What the doctor learned within a day. */
  limits: KnownLimits;
  /** The hosts that the person's SSH configuration names. */
  aliases: () => Promise<Targets['aliases']>;
  targets: TargetBook;
  consents: Consents;
  /** Persons' answers about targets that their own file does not hold. */
  knownTrust: KnownTrust;
  /** Brings values that were kept on their targets. */
  values: ValuesHome;
  presence: Presence;
  leases: Leases;
  /** Where logins ask persons, and persons answer. */
  desk: LoginDesk;
  /** Told when a connection, or what is known of a target, changed. */
  targetNews: TargetNews;
  version: string;
  configPath: string;
  statePath: string;
  logPath: string;
  spool: string;
  noncePath: string;
  /** Text that a kernel executes to reach the kernel helper. */
  snippet: () => Promise<string>;
  /** An upgrade lies on disk: whoever asks for health should let this service leave. */
  isOutdated: () => boolean;
  /** Ask the process to leave once its running requests are answered. */
  leave: () => void;
};
