import type { HookedModule, LoadedModule } from '../../shared/wire/capture';

/** Where the kernel itself has a module from. */
export type KernelAnswer = { file: string | null; folders: readonly string[] };

/**
 * What the import system of the kernel says: its loaded modules, then its import hooks. It goes
 * before the search on disk, as an import in the kernel would take what is loaded.
 */
export class KernelAnswers {
  constructor(loaded: readonly LoadedModule[], hooked: readonly HookedModule[]) {
    for (const { module, file, folders } of hooked) {
      this.answers.set(module, { file, folders });
    }
    for (const { module, file } of loaded) {
      if (module !== '__main__' && module !== '__mp_main__') {
        this.answers.set(module, { file, folders: [] });
      }
    }
  }

  of(module: string): KernelAnswer | null {
    return this.answers.get(module) ?? null;
  }

  private readonly answers = new Map<string, KernelAnswer>();
}
