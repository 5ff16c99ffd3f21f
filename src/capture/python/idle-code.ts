import type { Capture } from '../../shared/wire/capture';
import type { IFileTree } from '../file-tree';
import { blankMagics } from './blank-magics';
import type { CaptureMemory } from './capture-memory';
import { CalledDefinitions, type CalledModule } from './called-definitions';
import { type Definition, type Definitions, definitionsOf } from './definitions-of';
import { orUnreadable } from './module-file';
import type { NamedSource } from './data-files';
import { readSource } from './read-source';
import { sourceFacts } from './source-facts';

export type IdleCodeOptions = {
  /** The notebook's code: what runs there. */
  texts: readonly string[];
  /** Names that values of the notebook bring along. */
  kernel: Partial<Pick<Capture, 'imports' | 'modules'>>;
  modules: readonly { absolute: string; sha256: string; module: string }[];
  /** Scripts that run as programs. */
  programs: readonly string[];
  files: IFileTree;
  memory: CaptureMemory;
};

const IDENTIFIER = /[\p{L}_][\p{L}\p{N}_]*/gu;
const MOST_KNOWN = 5_000;

/** Takes out of the captured modules the functions that nothing calls. */
export class IdleCode {
  constructor(private readonly options: IdleCodeOptions) {
    this.hashes = new Map(options.modules.map(({ absolute, sha256 }) => [absolute, sha256]));
  }

  /** The same sources without what nothing calls. */
  async running(sources: readonly NamedSource[]): Promise<NamedSource[]> {
    const called = await this.readAll();
    return Promise.all(sources.map(source => this.runningOf(source, called)));
  }

  private async runningOf(source: NamedSource, called: CalledDefinitions): Promise<NamedSource> {
    const idle = source.file === null ? [] : called.idleIn(source.file);
    if (source.file === null || idle.length === 0) {
      return source;
    }
    const { facts } = this.options.memory;
    const key = [this.hashes.get(source.file), ...idle.map(({ firstLine }) => firstLine)].join(' ');
    let found = facts.get(key);
    if (found === undefined) {
      found = sourceFacts(withoutLines(await this.text(source.file), idle));
      facts.set(key, found);
    }
    return { ...source, facts: found.paths };
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
    const { definitions: known } = this.options.memory;
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

  private readonly hashes: ReadonlyMap<string, string>;
}

/** The notebook's names may be bound to any module. */
function isDynamic({ lookups, definitions }: Definitions): boolean {
  return lookups.size > 0 || definitions.some(each => each.lookups.size > 0);
}

/** Each definition becomes a statement that does nothing; all other lines keep their numbers. */
function withoutLines(text: string, definitions: readonly Definition[]): string {
  const lines = text.split('\n');
  for (const { firstLine, lastLine } of definitions) {
    const indent = /^\s*/.exec(lines[firstLine - 1] ?? '')?.[0] ?? '';
    lines.fill('', firstLine - 1, lastLine);
    lines[firstLine - 1] = `${indent}pass`;
  }
  return lines.join('\n');
}
