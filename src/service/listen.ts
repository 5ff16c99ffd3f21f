import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { PROTOCOL } from '../shared/wire/service';
import type { Presence } from './routes/presence';
import type { TypedApp } from './routes/typed-app';
import type { StateDirectory } from './state/state-directory';
import type { TaskService } from './tasks/task-service';

export type ListenOptions = {
  app: TypedApp;
  state: StateDirectory;
  presence: Presence;
  tasks: TaskService;
  environment: Readonly<Record<string, string | undefined>>;
  leave: () => Promise<void>;
};

const DEFAULT_IDLE_MS = 10 * 60_000;
const LONGEST_CHECK_MS = 30_000;

function idleLimitMs(environment: ListenOptions['environment']): number {
  const given = Number(environment['SLUICE_IDLE_MS']);
  return Number.isFinite(given) && given > 0 ? given : DEFAULT_IDLE_MS;
}

/** Leave when nobody was connected and no task was live for long enough. */
function leaveWhenIdle({ presence, tasks, environment, leave }: ListenOptions): void {
  const limitMs = idleLimitMs(environment);
  const check = setInterval(
    () => {
      if (tasks.hasLiveTasks) {
        presence.touch();
      } else if (presence.emptyForMs > limitMs) {
        clearInterval(check);
        void leave();
      }
    },
    Math.min(LONGEST_CHECK_MS, limitMs / 4)
  );
  check.unref();
}

/** Listen on the socket, tell where, and leave on TERM, on INT, and when nobody is left. */
export async function listen(options: ListenOptions): Promise<void> {
  const { app, state, leave } = options;
  // Whoever held it is dead: the lock is ours.
  rmSync(state.socketPath, { force: true });
  await app.listen({ path: state.socketPath });
  chmodSync(state.socketPath, 0o600);
  const endpoint = { version: 1, unix: state.socketPath, pid: process.pid, protocol: PROTOCOL };
  writeFileSync(`${state.endpointPath}.new`, JSON.stringify(endpoint), { mode: 0o600 });
  renameSync(`${state.endpointPath}.new`, state.endpointPath);
  process.once('SIGTERM', () => void leave());
  process.once('SIGINT', () => void leave());
  leaveWhenIdle(options);
}
