import { SluiceError } from '../../shared/errors';
import type { DoctorRequest } from '../../shared/wire/doctor';
import type { Limits } from '../../shared/wire/limits';
import type { TargetBook } from '../targets/target-book';
import type { IClock } from '../tasks/clock';
import type { HostAddress, Hosts } from '../tasks/hosts';
import type { Submitter } from '../tasks/submitter';
import type { ITransport } from '../transports/transport';
import {
  type LookUp,
  nameToLookUp,
  tellConnected,
  tellHere,
  tellRefused,
  type Way
} from './connect-findings';
import type { DoctorRun } from './doctor-run';
import {
  pythonFinding,
  shellFinding,
  diskFinding,
  mountsFromHere,
  toolsFinding
} from './host-findings';
import { type ProposedKey, nameFor, proposeKeys } from './propose';
import { cleanUpRoot, tryRoot } from './root-trial';
import {
  accountingFinding,
  limitsOf,
  noSlurm,
  partitionsFinding,
  slurmFinding
} from './slurm-findings';
import type { StepId } from './steps';
import { findSubject, type Subject } from './subject';
import { type Survey, SURVEY_TIMEOUT_MS, surveyOf } from './survey';
import { jobFinding, mountsFinding, networkFinding } from './trial-findings';
import { TrialJob } from './trial-job';
import { orderTrial } from './trial-order';
import type { TrialReport } from './trial-reply';
import { targetTable } from '../targets/edit-target';

/** What an examination works with; all that touches the world is passed in. */
export type ExaminationParts = {
  hosts: Hosts;
  targets: TargetBook;
  submitter: Submitter;
  clock: IClock;
  /** What the SSH configuration says of the way to a host. Errors: `config-invalid`. */
  wayTo: (host: string, sshConfig: string | null) => Promise<Way>;
  lookUpName: (name: string) => Promise<LookUp>;
  hasAlias: (word: string) => Promise<boolean>;
  /** Version of the Python here; null: there is none. */
  pythonHere: () => Promise<string | null>;
  /** A person asked for this: one login of the host may ask them. */
  allow: (address: HostAddress, target: string) => () => void;
  /** Keep what was learned. */
  learned: (address: HostAddress, root: string, limits: Limits) => void;
  /** Name that tells whether nodes are online; null: they are not asked. */
  networkName: string | null;
  patienceMs: number;
};

/** What one examination has come to know. */
type Known = {
  subject: Subject;
  transport: ITransport;
  scheduler: 'slurm' | 'process';
  survey: Survey;
  python: ReturnType<typeof pythonFinding>['choice'];
  report: TrialReport | null;
};

/** One look at a target, from its configuration to a finished job. */
export class Examination {
  constructor(
    private readonly parts: ExaminationParts,
    private readonly run: DoctorRun,
    private readonly request: DoctorRequest
  ) {}

  /**
   * Do all steps that can be done, and give what to write. What is wrong with the target is a
   * finding, not an error.
   *
   * Errors: the run's signal; a fault of our own.
   */
  async examine(): Promise<ProposedKey[]> {
    const subject = await this.settle();
    if (subject === null) {
      return [];
    }
    const transport = this.parts.hosts.transport(subject.target);
    if (!(await this.connect(subject, transport))) {
      return [];
    }
    const found = await this.survey(subject, transport);
    if (found === null) {
      return [];
    }
    const known = await this.describe(subject, transport, found);
    await this.tryOut(known);
    return this.propose(known);
  }

  private async settle(): Promise<Subject | null> {
    const { run, request, parts } = this;
    run.begin('configuration');
    try {
      const subject = await findSubject(parts.targets, request, parts.hasAlias);
      const { target, isProvisional } = subject;
      run.note({ host: target.host });
      const where = target.host === null ? 'on this machine' : `over SSH as ${target.host}`;
      const found = isProvisional
        ? `${target.name} is no target yet; it is looked at as one`
        : `${target.scheduler} ${where}, root ${target.root}, from ${target.source}`;
      run.end('configuration', { state: 'passed', found });
      return subject;
    } catch (error) {
      return this.failed('configuration', error);
    }
  }

  /** A known problem becomes the step's; anything else is a fault of ours. */
  private failed(id: StepId, error: unknown): null {
    this.run.signal.throwIfAborted();
    if (!(error instanceof SluiceError)) {
      throw error;
    }
    this.run.end(id, { state: 'failed', found: error.message, problem: error });
    return null;
  }

  private async connect({ target }: Subject, transport: ITransport): Promise<boolean> {
    const { run, parts } = this;
    const { host, sshConfig, name: targetName } = target;
    if (host === null) {
      tellHere(run);
      return true;
    }
    run.begin('name');
    let way: Way;
    try {
      way = await parts.wayTo(host, sshConfig);
    } catch (error) {
      this.failed('configuration', error);
      return false;
    }
    const name = nameToLookUp(way);
    const lookUp = name === null ? null : await parts.lookUpName(name);
    run.begin('login', 'connecting');
    const done = parts.allow({ host, sshConfig }, targetName);
    try {
      await transport.connect(run.signal);
      tellConnected(run, way, lookUp, transport.connection);
      return true;
    } catch (error) {
      run.signal.throwIfAborted();
      if (!(error instanceof SluiceError)) {
        throw error;
      }
      tellRefused(run, way, lookUp, error);
      return false;
    } finally {
      done();
    }
  }

  private async survey(subject: Subject, transport: ITransport): Promise<Survey | null> {
    const { run } = this;
    const { root, python, setup, scheduler } = subject.target;
    run.begin('shell', 'looking around');
    const question = surveyOf({ root, python: python ?? 'python3', setup }, scheduler === 'slurm');
    try {
      const {
        stdout,
        noiseBytes = 0,
        stderr,
        status
      } = await transport.run(question.script, {
        action: 'look around',
        timeoutMs: SURVEY_TIMEOUT_MS,
        signal: run.signal
      });
      const survey = question.read(stdout.toString());
      if (survey.facts.root === '') {
        const details = { action: 'look around', host: transport.host, status, stderr };
        throw new SluiceError('remote-command-failed', details);
      }
      run.end('shell', shellFinding(survey, noiseBytes));
      return survey;
    } catch (error) {
      return this.failed('shell', error);
    }
  }

  /** The steps that the survey alone decides. */
  private async describe(subject: Subject, transport: ITransport, survey: Survey): Promise<Known> {
    const { run, parts, request } = this;
    const { target, isProvisional } = subject;
    const isSlurm = target.scheduler === 'slurm' && (!isProvisional || survey.slurm.isInstalled);
    const scheduler = isSlurm ? 'slurm' : 'process';
    this.describeSlurm(subject, survey, isSlurm);
    run.end('disk', diskFinding(survey));
    run.end('tools', toolsFinding(survey));
    const localVersion = request.pythonVersion ?? (await parts.pythonHere());
    const { choice, ...python } = pythonFinding(survey, subject, localVersion);
    run.end('python', python);
    return { subject, transport, scheduler, survey, python: choice, report: null };
  }

  private describeSlurm(
    { target, isProvisional }: Subject,
    { slurm }: Survey,
    isSlurm: boolean
  ): void {
    const { run, parts } = this;
    const host = target.host ?? 'this machine';
    const nowMs = parts.clock.nowMs();
    if (isSlurm) {
      run.end('slurm', slurmFinding(slurm, host));
      if (run.canDo('accounting')) {
        run.end('accounting', accountingFinding(slurm));
      }
      if (run.canDo('partitions')) {
        const named = target.resources.partition ?? null;
        const wish = { named, isOpen: isProvisional };
        run.end('partitions', partitionsFinding(slurm.partitions, wish, host));
      }
    } else {
      for (const id of ['slurm', 'accounting', 'partitions'] as const) {
        run.end(id, noSlurm());
      }
    }
    if (run.stateOf('slurm') === 'passed') {
      const empty = { partitions: [], accounts: [], qos: [], learnedAt: nowMs };
      const limits = isSlurm ? limitsOf(slurm, nowMs) : empty;
      run.note({ limits });
      parts.learned(target, target.root, limits);
    }
  }

  /** Write into the root, and run a job there; both leave nothing behind. */
  private async tryOut(known: Known): Promise<void> {
    const { run } = this;
    const { transport, survey, scheduler } = known;
    const root = survey.facts.root;
    const key = `sluice-doctor-${run.report.id}`;
    run.begin('root');
    let hasMadeRoot = false;
    try {
      const { name: target } = known.subject.target;
      const trial = await tryRoot(transport, { root, key, target }, run.signal);
      hasMadeRoot = trial.hasMadeRoot;
      run.end('root', trial.finding);
      if (this.request.withoutJob) {
        run.end('job', { state: 'skipped', found: 'not wanted' });
      } else if (run.canDo('job')) {
        await this.tryJob(known, key);
      }
    } catch (error) {
      this.failed('root', error);
    } finally {
      await this.cleanUp(known, key, hasMadeRoot);
    }
    if (known.report === null) {
      run.end('mounts', mountsFromHere(survey, scheduler === 'slurm'));
      run.end('network', { state: 'skipped', found: 'only a job could tell' });
    }
  }

  private async cleanUp(
    { transport, survey }: Known,
    key: string,
    hasMade: boolean
  ): Promise<void> {
    const { root } = survey.facts;
    try {
      await cleanUpRoot(transport, root, key, hasMade);
    } catch (error) {
      if (!(error instanceof SluiceError)) {
        throw error;
      }
      const found = `${root}/doctor/${key} may have been left behind: ${error.message}`;
      if (this.run.stateOf('root') === 'passed') {
        this.run.end('root', { state: 'warning', found, problem: error });
      }
    }
  }

  private async tryJob(known: Known, key: string): Promise<void> {
    const { run, parts } = this;
    const { transport, survey, scheduler } = known;
    run.begin('job', 'handing it over');
    const order = orderTrial({ ...known, key, lookUp: parts.networkName });
    try {
      const trial = new TrialJob(parts);
      const say = (words: string): void => {
        run.begin('job', words);
      };
      const end = await trial.run(order, say, run.signal);
      run.end('job', jobFinding(end, transport.host, parts.patienceMs));
      if (end.kind === 'reported') {
        known.report = end.report;
        const isCluster = scheduler === 'slurm';
        const mounts = mountsFinding(end.report, survey.places);
        run.end('mounts', isCluster ? mounts : mountsFromHere(survey, false));
        run.end('network', networkFinding(end.report, parts.networkName));
      }
    } catch (error) {
      this.failed('job', error);
    }
  }

  private propose(known: Known): ProposedKey[] {
    const { run, parts } = this;
    const { subject, survey } = known;
    const keys = proposeKeys({
      ...known,
      places: survey.places,
      partitions: survey.slurm.partitions,
      isRootUsable: run.stateOf('root') === 'passed'
    });
    if (keys.length === 0) {
      return [];
    }
    const name = nameFor(subject);
    const reasons = keys.flatMap(({ key, reason }) =>
      reason === null ? [] : [`${key}: ${reason}`]
    );
    run.note({
      proposal: { name, toml: targetTable(name, keys), path: parts.targets.path, reasons }
    });
    return keys;
  }
}
