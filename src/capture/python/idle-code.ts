import type { Capture } from '../../shared/wire/capture';
import type { IFileTree } from '../file-tree';
import { blankMagics } from './blank-magics';
import { CalledDefinitions, type CalledModule } from './called-definitions';
import { type Definitions, definitionsOf } from './definitions-of';
import { orUnreadable } from './module-file';
import { readSource } from './read-source';

export type IdleCodeOptions = {
  /** The notebook's code: what runs there. */
  texts: readonly string[];
  /** Names that values of the notebook bring along. */
  kernel: Partial<Pick<Capture, 'imports' | 'modules'>>;
  modules: readonly { absolute: string; sha256: string; module: string }[];
  /** Scripts that run as programs. */
  programs: readonly string[];
  files: IFileTree;
  known: Map<string, Definitions>;
};

const IDENTIFIER = /[\p{L}_][\p{L}\p{N}_]*/gu;
const MOST_KNOWN = 5_000;

/** Tells which functions of the captured modules nothing calls; reads them when first asked. */
export class IdleCode {
  constructor(private readonly options: IdleCodeOptions) {}

  /** The function at a line of a module that nothing comes to call; null: it may run. */
  async at(file: string, line: number): Promise<string | null> {
    this.called ??= this.readAll();
    return (await this.called).idleAt(file, line);
  }

  private async readAll(): Promise<CalledDefinitions> {
    const { texts, kernel, modules, programs } = this.options;
    const sources = modules.filter(({ absolute }) => absolute.endsWith('.py'));
    const found = await Promise.all(
      sources.map(async each => [each.absolute, await this.read(each)] as const)
    );
    const scripts = await Promise.all(programs.map(path => this.text(path)));
    const running = [...texts.map(blankMagics), ...scripts];
    const words = new Set([
      ...[...texts, ...scripts].flatMap(text => text.match(IDENTIFIER) ?? []),
      ...(kernel.imports ?? []).flatMap(({ attribute }) => attribute ?? []),
      ...(kernel.modules ?? []).map(name => name.slice(name.lastIndexOf('.') + 1))
    ]);
    const isAnything = running.some(text => isDynamic(definitionsOf(text)));
    return new CalledDefinitions(new Map(found), words, isAnything);
  }

  private async read({
    absolute,
    sha256,
    module
  }: IdleCodeOptions['modules'][number]): Promise<CalledModule> {
    return { module, definitions: await this.definitions({ absolute, sha256 }) };
  }

  private async definitions(module: { absolute: string; sha256: string }): Promise<Definitions> {
    const { known } = this.options;
    const before = known.get(module.sha256);
    if (before !== undefined) {
      return before;
    }
    const definitions = definitionsOf(await this.text(module.absolute));
    if (known.size >= MOST_KNOWN) {
      known.clear();
    }
    known.set(module.sha256, definitions);
    return definitions;
  }

  private async text(path: string): Promise<string> {
    const { files } = this.options;
    return readSource(await orUnreadable(path, files.read(path)), files).text;
  }

  private called: Promise<CalledDefinitions> | undefined;
}

/** The notebook's names may be bound to any module. */
function isDynamic({ lookups, definitions }: Definitions): boolean {
  return lookups.size > 0 || definitions.some(each => each.lookups.size > 0);
}
