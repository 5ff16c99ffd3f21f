import type { SyntaxNode } from '@lezer/common';
import { constantText } from './call-facts';
import { argumentAt, constantsIn } from './call-arguments';
import type { DynamicImport, ImportFound, ScriptRun, SourceImports } from './source-imports';
import { isOptional } from './import-guards';
import type { SourceReader } from './source-reader';

type Found = Pick<SourceImports, 'imports' | 'dynamic' | 'runs'>;

const NOTHING: Found = { imports: [], dynamic: [], runs: [] };

/** What a call imports: `importlib`, `__import__`, `runpy` and their like. */
export function readImportCall(node: SyntaxNode, callee: string, reader: SourceReader): Found {
  switch (callee.slice(callee.lastIndexOf('.') + 1)) {
    case 'import_module':
      return importModule(node, reader);
    case '__import__':
      return builtInImport(node, reader);
    case 'find_spec':
      return /^(?:importlib\.util\.)?find_spec$/.test(callee) ? findSpec(node, reader) : NOTHING;
    case 'run_module':
      return runModule(node, reader);
    case 'run_path':
      return runFile(argumentAt(node, 0, 'path_name', reader.source), node, reader);
    case 'spec_from_file_location':
      return runFile(argumentAt(node, 1, 'location', reader.source), node, reader);
    case 'SourceFileLoader':
      return runFile(argumentAt(node, 1, 'path', reader.source), node, reader);
    case 'attach':
      return attachLazily(node, reader);
    default:
      return NOTHING;
  }
}

function importModule(node: SyntaxNode, reader: SourceReader): Found {
  const { source } = reader;
  const argument = argumentAt(node, 0, 'name', source);
  const name = argument && constantText(argument, source);
  if (name === null) {
    return dynamicImport(node, argument, reader);
  }
  const anchor = argumentAt(node, 1, 'package', source);
  const around = anchor && constantText(anchor, source);
  return imported(node, fromPackage(name, around), null, reader);
}

/** `.x` seen from a package that is a constant is no longer relative. */
function fromPackage(name: string, around: string | null): string {
  const level = /^\.*/.exec(name)?.[0].length ?? 0;
  if (level === 0 || around === null) {
    return name;
  }
  const parts = around.split('.');
  return [...parts.slice(0, parts.length - level + 1), name.slice(level)].join('.');
}

function builtInImport(node: SyntaxNode, reader: SourceReader): Found {
  const argument = argumentAt(node, 0, 'name', reader.source);
  const name = argument && constantText(argument, reader.source);
  if (name === null) {
    return dynamicImport(node, argument, reader);
  }
  const list = argumentAt(node, 3, 'fromlist', reader.source);
  return imported(node, name, list && constantsIn(list, reader.source), reader);
}

function findSpec(node: SyntaxNode, reader: SourceReader): Found {
  const argument = argumentAt(node, 0, 'name', reader.source);
  const name = argument && constantText(argument, reader.source);
  // A question for a module that may well be missing; what is no constant is often none of ours.
  const found = name === null ? NOTHING : imported(node, name, null, reader);
  return { ...found, imports: found.imports.map(each => ({ ...each, isOptional: true })) };
}

function runModule(node: SyntaxNode, reader: SourceReader): Found {
  const argument = argumentAt(node, 0, 'mod_name', reader.source);
  const module = argument && constantText(argument, reader.source);
  if (module === null) {
    return dynamicImport(node, argument, reader);
  }
  const run: ScriptRun = { ...reader.where(node), kind: 'module', module };
  return { ...NOTHING, runs: [run] };
}

function runFile(argument: SyntaxNode | null, node: SyntaxNode, reader: SourceReader): Found {
  const path = reader.expression(argument);
  if (path === null) {
    return dynamicImport(node, null, reader);
  }
  return { ...NOTHING, runs: [{ ...reader.where(node), kind: 'script', path }] };
}

/** `lazy_loader.attach(__name__, submodules=[…], submod_attrs={…: […]})` */
function attachLazily(node: SyntaxNode, reader: SourceReader): Found {
  const first = argumentAt(node, 0, 'package_name', reader.source);
  if (!first || reader.text(first) !== '__name__') {
    return NOTHING;
  }
  const where = { ...reader.where(node), isOptional: true, names: null, level: 1 };
  const names = constantsIn(node, reader.source).filter(name => /^[\w.]+$/.test(name));
  return { ...NOTHING, imports: names.map(module => ({ ...where, module })) };
}

function imported(
  node: SyntaxNode,
  name: string,
  names: string[] | null,
  reader: SourceReader
): Found {
  const level = /^\.*/.exec(name)?.[0].length ?? 0;
  const found: ImportFound = {
    ...reader.where(node),
    level,
    module: name.slice(level),
    names,
    isOptional: isOptional(node, reader.source)
  };
  return { ...NOTHING, imports: [found] };
}

function dynamicImport(node: SyntaxNode, argument: SyntaxNode | null, reader: SourceReader): Found {
  const text = reader.text(node).replace(/\s+/g, ' ').slice(0, 80);
  const dynamic: DynamicImport = { ...reader.where(node), text, name: reader.expression(argument) };
  return { ...NOTHING, dynamic: [dynamic] };
}
