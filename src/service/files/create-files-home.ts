import { FilesHome, type FilesHomeOptions } from './files-home';
import { HomeRunner, type HomeRunnerOptions } from './home-runner';
import { Lister, type ListerOptions } from './lister';

type Options = Omit<FilesHomeOptions, 'lister' | 'runner'> &
  Pick<HomeRunnerOptions, 'umask'> &
  Pick<ListerOptions, 'events'>;

/** The way home of files, with all that it takes. */
export function createFilesHome({ events, umask, ...options }: Options): FilesHome {
  const { store, hosts, clock } = options;
  const { nowMs } = clock;
  const lister = new Lister({ store, events, hosts, nowMs });
  const runner = new HomeRunner({ store, hosts, nowMs, umask });
  return new FilesHome({ ...options, lister, runner });
}
