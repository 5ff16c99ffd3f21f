import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { parseBytes } from '../shared/parse-bytes';
import { PUBLIC_PHASES, type PublicPhase } from '../shared/phases';
import type { Choice } from '../shared/wire/task';
import type { CommandContext } from './command-context';
import { addInputOption, readFiles } from './input-options';
import type { ScriptRun } from './commands/submit';
import { addResourceOptions, type ResourceFlags, resourcesOf } from './resource-options';

/** Runs a command with what it works with; its exit status is the process's. */
export type RunCommand = (
  isJson: boolean,
  command: (context: CommandContext) => Promise<number>
) => Promise<void>;

type Flags = { json?: boolean };

/** As in the schema of tasks, which would have to be loaded for three words. */
const CHOICES = ['look', 'give-up', 'run-again'] as const satisfies readonly Choice[];

const WRONG_USE = 2;

/** The command line. Each command is loaded when it is called, so that none waits for the others. */
export function buildProgram(run: RunCommand, serve: () => Promise<void>): Command {
  const program = new Command('sluice')
    .description('Run notebook cells and scripts on a Slurm cluster.')
    .enablePositionalOptions()
    .configureHelp({ showGlobalOptions: true })
    .exitOverride(error => {
      process.exitCode = error.exitCode === 0 ? 0 : WRONG_USE;
      throw error;
    });
  const add = (usage: string, about: string): Command =>
    program.command(usage).description(about).option('--json', 'print the answer as JSON');

  add('whoami', 'who you are for Sluice, and which service answers').action(({ json }: Flags) =>
    run(json === true, async c => (await import('./commands/whoami')).whoami(c))
  );
  add('targets', 'where cells and scripts can run').action(({ json }: Flags) =>
    run(json === true, async c => (await import('./commands/targets')).targets(c))
  );
  addDoctor(add, run);
  addAllow(add, run);
  addLogins(add, run);
  addTrust(add, run);
  addPlan(add, run);
  addScripts(add, run);
  addTaskCommands(add, run);
  program
    .command('serve')
    .description('run the service in the foreground; whoever needs it starts it otherwise')
    .action(serve);
  return program;
}

type Add = (usage: string, about: string) => Command;

type DoctorFlags = Flags & { job: boolean; save?: string | true };

function addDoctor(add: Add, run: RunCommand): void {
  add('doctor <target>', 'look over a target, a host of your SSH configuration or user@host:port')
    .option('--no-job', 'submit nothing')
    .option('--save [name]', 'write what it proposes into your own configuration')
    .action((target: string, { json, job, save }: DoctorFlags) => {
      const order = { target, withoutJob: !job, ...(save === undefined ? {} : { save }) };
      return run(json === true, async c => (await import('./commands/doctor')).doctor(c, order));
    });
}

function addAllow(add: Add, run: RunCommand): void {
  add('allow <path>', 'let a project’s sluice.toml set what only you may allow')
    .option('--yes', 'without asking')
    .action((path: string, { json, yes = false }: Flags & { yes?: boolean }) =>
      run(json === true, async c => (await import('./commands/allow')).allow(c, path, yes))
    );
}

function addLogins(add: Add, run: RunCommand): void {
  add('login <target>', 'log in to the host of a target').action(
    (target: string, { json }: Flags) =>
      run(json === true, async c => (await import('./commands/login')).login(c, target))
  );
  add('logout <target>', 'give the connection to a host up').action(
    (target: string, { json }: Flags) =>
      run(json === true, async c => (await import('./commands/login')).logout(c, target))
  );
}

const LEVELS = ['none', 'outputs', 'pickles'] as const;
type Level = (typeof LEVELS)[number];

function addTrust(add: Add, run: RunCommand): void {
  const level = new Argument('<level>', 'what of it may act here').choices(LEVELS);
  add('trust <target>', 'say how far a target is trusted')
    .addArgument(level)
    .action((target: string, named: Level, { json }: Flags) =>
      run(json === true, async c => (await import('./commands/trust')).trust(c, target, named))
    );
}

type PlanFlags = ResourceFlags & Flags & { target?: string; input?: string[]; rehearse?: boolean };

function addPlan(add: Add, run: RunCommand): void {
  const usage = 'plan <notebook> <cell>';
  const about = 'what a run of a cell would send; CELL is an id or a number from 1';
  const inputs = 'variables and data files to send; with ! before them, to leave here';
  addInputOption(addResourceOptions(add(usage, about)), inputs)
    .option('--target <target>', 'where it would run')
    .option('--rehearse', 'also run what would be sent here, and tell what is missing')
    .action((notebook: string, cell: string, flags: PlanFlags) => {
      const { target = null, input = [], rehearse = false } = flags;
      const resources = resourcesOf(flags);
      const question = { notebook, cell, target, resources, inputs: input, rehearse };
      return run(flags.json === true, async c =>
        (await import('./commands/plan')).plan(c, question)
      );
    });
}

type ScriptFlags = ResourceFlags & Flags & { input?: string[]; fetch?: string[] | false };

function addScripts(add: Add, run: RunCommand): void {
  const script = (usage: string, about: string): Command =>
    addInputOption(
      addResourceOptions(add(usage, about)),
      'data files to send; with ! before them, to leave here'
    )
      .option(
        '--fetch <pattern>',
        'files that come home whatever the rules say',
        (item, before: string[] | false | undefined) => [
          ...(before === false ? [] : (before ?? [])),
          item
        ]
      )
      .option('--no-fetch', 'let no other file come home by itself')
      .passThroughOptions();
  const job = (target: string, file: string, given: string[], flags: ScriptFlags): ScriptRun => ({
    target,
    file,
    arguments: given,
    resources: resourcesOf(flags),
    files: readFiles(flags.input ?? []),
    fetch: {
      include: flags.fetch === false ? [] : (flags.fetch ?? []),
      none: flags.fetch === false
    }
  });
  script('submit <target> <file> [arguments...]', 'hand a Python script over').action(
    (target: string, file: string, given: string[], flags: ScriptFlags) =>
      run(flags.json === true, async c =>
        (await import('./commands/submit')).submit(c, job(target, file, given, flags))
      )
  );
  script('run <target> <file> [arguments...]', 'run a Python script and end as it ends').action(
    (target: string, file: string, given: string[], flags: ScriptFlags) =>
      run(flags.json === true, async c =>
        (await import('./commands/run')).run(c, job(target, file, given, flags))
      )
  );
}

type FetchFlags = Flags & { file?: string[] };

function addFiles(add: Add, run: RunCommand): void {
  add('files <id>', 'the files that a task wrote, and where they are')
    .option('--dismiss', 'give up those that are still there')
    .action((id: string, { json, dismiss = false }: Flags & { dismiss?: boolean }) =>
      run(json === true, async c => (await import('./commands/files')).files(c, id, { dismiss }))
    );
  add('fetch <id> [directory]', 'bring the files of a task: all of them, or those named')
    .option('--file <path...>', 'only this file, to its place beside the notebook or to DIRECTORY')
    .action((id: string, directory: string | undefined, { json, file }: FetchFlags) =>
      run(json === true, async c =>
        file === undefined
          ? (await import('./commands/fetch')).fetchFiles(c, id, directory)
          : (await import('./commands/files')).fetchSome(c, id, { paths: file, directory })
      )
    );
}

function addTaskCommands(add: Add, run: RunCommand): void {
  add('status <id>', 'one task').action((id: string, { json }: Flags) =>
    run(json === true, async c => (await import('./commands/status')).status(c, id))
  );
  add('list', 'the tasks')
    .addArgument(new Argument('[state]', 'only those of this state').choices(PUBLIC_PHASES))
    .action((state: PublicPhase | undefined, { json }: Flags) =>
      run(json === true, async c => (await import('./commands/list')).list(c, state))
    );
  add('logs <id>', 'what a task printed')
    .option('--follow', 'and what it prints, to its end')
    .action((id: string, { json, follow }: Flags & { follow?: boolean }) =>
      run(json === true, async c => (await import('./commands/logs')).logs(c, id, follow === true))
    );
  addFiles(add, run);
  addClean(add, run);
  addAdopt(add, run);
  add('cancel [ids...]', 'end tasks')
    .option('--all', 'every task that has not ended')
    .action((ids: string[], { json, all = false }: Flags & { all?: boolean }) =>
      run(json === true, async c => (await import('./commands/cancel')).cancel(c, ids, all))
    );
  add('resolve <id>', 'decide about a task of which it is not known what became of it')
    .addArgument(
      new Argument(
        '<choice>',
        'ask the target now, give it up, or give it up and run it again'
      ).choices(CHOICES)
    )
    .action((id: string, choice: Choice, { json }: Flags) =>
      run(json === true, async c => (await import('./commands/resolve')).resolve(c, id, choice))
    );
}

type CleanFlags = Flags & {
  dryRun?: boolean;
  olderThan?: number;
  maxSize?: number;
  even?: string[];
};

function addClean(add: Add, run: RunCommand): void {
  add('clean <target>', 'remove what lies unused on a target')
    .option('--dry-run', 'only say what would go')
    .addOption(
      new Option('--older-than <days>', 'what was not used for so long (7)').argParser(wholeDays)
    )
    .addOption(
      new Option('--max-size <size>', 'no more than so much may stay, such as 5G').argParser(size)
    )
    .option('--even <tasks...>', 'runs whose files were neither fetched nor dismissed')
    .action((target: string, flags: CleanFlags) => {
      const { dryRun = false, olderThan = null, maxSize = null, even = [] } = flags;
      const request = { dryRun, olderThanDays: olderThan, maxBytes: maxSize, evenTasks: even };
      return run(flags.json === true, async c =>
        (await import('./commands/clean')).clean(c, target, request)
      );
    });
}

function addAdopt(add: Add, run: RunCommand): void {
  add('adopt <target> [ids...]', 'take over runs there of which this machine has no record')
    .option('--dry-run', 'only say which there are')
    .action((target: string, ids: string[], { json, dryRun = false }: CleanFlags) => {
      const request = { dryRun, ids: ids.length === 0 ? null : ids };
      return run(json === true, async c =>
        (await import('./commands/adopt')).adopt(c, target, request)
      );
    });
}

function wholeDays(text: string): number {
  const count = /^(\d{1,5})d?$/.exec(text)?.[1];
  if (count === undefined) {
    throw new InvalidArgumentError('It is a whole number of days.');
  }
  return Number(count);
}

function size(text: string): number {
  const bytes = parseBytes(text);
  if (bytes === null) {
    throw new InvalidArgumentError('It is a size such as 500M or 5G.');
  }
  return bytes;
}
