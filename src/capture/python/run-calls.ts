import type { SyntaxNode } from '@lezer/common';
import { argumentsOf, constantText } from './call-facts';
import { pythonRuns } from './python-runs';
import { operandsOf } from './read-path';
import type { ScriptRun } from './source-imports';
import type { SourceReader } from './source-reader';

const STARTS =
  /^(?:subprocess\.(?:run|Popen|call|check_call|check_output|getoutput|getstatusoutput)|os\.(?:system|popen)|asyncio\.create_subprocess_(?:exec|shell))$/;

/** The Python programs that a call starts as processes of their own. */
export function readRunCall(node: SyntaxNode, callee: string, reader: SourceReader): ScriptRun[] {
  if (!STARTS.test(callee)) {
    return [];
  }
  const groups = argumentsOf(node).filter(group => group.length === 1);
  const first = groups[0]?.[0];
  if (!first) {
    return [];
  }
  if (first.name === 'ArrayExpression' || first.name === 'TupleExpression') {
    return fromWords(operandsOf(first), node, reader);
  }
  if (callee.endsWith('_exec')) {
    return fromWords(
      groups.flatMap(group => group[0] ?? []),
      node,
      reader
    );
  }
  const command = constantText(first, reader.source);
  return command === null
    ? []
    : pythonRuns(command).map(run => ({ ...run, ...reader.where(node) }));
}

/** `[sys.executable, "-u", "script.py", …]`, `["python", "-m", "package.module", …]` */
function fromWords(words: SyntaxNode[], node: SyntaxNode, reader: SourceReader): ScriptRun[] {
  const [program, ...rest] = words;
  if (!program || !isPython(program, reader)) {
    return [];
  }
  for (const [index, word] of rest.entries()) {
    const text = constantText(word, reader.source);
    if (text === '-c') {
      return [];
    }
    if (text === '-m') {
      const next = rest[index + 1];
      const module = next ? constantText(next, reader.source) : null;
      return module === null ? [] : [{ ...reader.where(node), kind: 'module', module }];
    }
    if (!text?.startsWith('-')) {
      const path = reader.expression(word);
      return path === null ? [] : [{ ...reader.where(node), kind: 'script', path }];
    }
  }
  return [];
}

function isPython(node: SyntaxNode, reader: SourceReader): boolean {
  const text = constantText(node, reader.source);
  return text === null
    ? /(?:^|\.)executable$/.test(reader.text(node))
    : /^(?:.*\/)?python[\d.]*$/.test(text);
}
