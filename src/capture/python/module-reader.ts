import { SluiceError } from '../../shared/errors';
import type { IFileTree } from '../file-tree';
import { baseName, normalizePath, relativePath } from '../posix-path';
import type { TextScope } from './expression-texts';
import type { IFactsCache } from './facts-cache';
import type { FollowedSource } from './followed-source';
import { type CapturedFile, orUnreadable, readCaptured } from './module-file';
import type { FilePlace } from './module-place';
import { moduleFacts, type SourceFacts } from './source-facts';

/** A shared library that an extension module loads from its own folder. */
export type NeededLibrary = CapturedFile & { path: string; root: string; why: string };

export type ReadModule =
  | { file: CapturedFile; facts: SourceFacts | null; libraries: NeededLibrary[] }
  /** `module-unreadable` */
  | { error: SluiceError };

export type ModuleReaderOptions = {
  files: IFileTree;
  known: IFactsCache;
  cwd: string;
  constants: Readonly<Record<string, readonly string[]>>;
};

/** Reads modules for what they are and say; what was said before is not read again. */
export class ModuleReader {
  constructor(private readonly options: ModuleReaderOptions) {}

  /** A fault is given back, not thrown: only the end of following tells whether it matters. */
  async read(place: FilePlace): Promise<ReadModule> {
    try {
      const { facts: file, content } = await readCaptured(this.options.files, place.file);
      if (place.isSource) {
        return { file, facts: await this.factsOf(file, content), libraries: [] };
      }
      const isExtension = place.file.endsWith('.so');
      return { file, facts: null, libraries: isExtension ? await this.libraries(place) : [] };
    } catch (error) {
      if (error instanceof SluiceError) {
        return { error };
      }
      throw error;
    }
  }

  /** What a file says that was just hashed. */
  async factsOf(file: CapturedFile, content: Uint8Array | null): Promise<SourceFacts> {
    const { files, known } = this.options;
    const before = known.get(file.sha256);
    if (before !== undefined) {
      return before;
    }
    const bytes = content ?? (await orUnreadable(file.absolute, files.read(file.absolute)));
    const facts = moduleFacts(bytes, files);
    known.set(file.sha256, facts);
    return facts;
  }

  /** What names in a source stand for. */
  scopeOf({ facts, file, importer, package: around }: FollowedSource): TextScope {
    const { cwd, constants } = this.options;
    const { names, parameters } = facts.paths;
    return {
      file,
      cwd,
      module: importer?.module ?? null,
      package: around,
      names,
      parameters,
      // Names of the kernel are those of the notebook's code only.
      constants: file === null ? constants : {}
    };
  }

  /** Shared libraries in the folder of an extension that it names, and those that these name. */
  private async libraries(place: FilePlace): Promise<NeededLibrary[]> {
    const { files } = this.options;
    const folder = normalizePath(`${place.file}/..`);
    const names = ((await files.list(folder)) ?? []).filter(name =>
      /^lib.*\.so(?:\.|$)/.test(name)
    );
    const found = new Map<string, NeededLibrary>();
    const waiting = names.length === 0 ? [] : [place.file];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      // Each byte is a letter: the names stand in it as they are.
      const text = files.decode(await orUnreadable(path, files.read(path)), 'latin1');
      for (const name of names.filter(each => !found.has(each) && text.includes(each))) {
        const { facts } = await readCaptured(files, `${folder}/${name}`);
        const why = `a library that ${baseName(path)} loads`;
        const { root } = place;
        found.set(name, { ...facts, path: relativePath(root, facts.absolute), root, why });
        waiting.push(facts.absolute);
      }
    }
    return [...found.values()];
  }
}
