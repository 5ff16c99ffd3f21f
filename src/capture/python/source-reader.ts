import type { SyntaxNode } from '@lezer/common';
import type { LineFinder } from './line-finder';
import { nodeText } from './node-text';
import type { PathExpression } from './path-expression';
import { readPath } from './read-path';

/** Longer than any call that imports or runs something. */
const MOST_CALLEE = 100;

/** What is known of a source while it is read from its beginning to its end. */
export class SourceReader {
  /** What names that were imported so far stand for. */
  readonly aliases = new Map<string, string>();

  constructor(
    readonly source: string,
    private readonly lineAt: LineFinder
  ) {}

  /** What follows runs only in a script, up to the end of this node. */
  noteMain(body: SyntaxNode): void {
    this.mainEnd = Math.max(this.mainEnd, body.to);
  }

  where(node: SyntaxNode): { line: number; isMain: boolean } {
    return { line: this.lineAt(node.from), isMain: node.from < this.mainEnd };
  }

  /** What a call calls, dotted, with imported names in full; null: no plain name. */
  callee(call: SyntaxNode): string | null {
    const node = call.firstChild;
    const isName = node?.name === 'VariableName' || node?.name === 'MemberExpression';
    if (!isName || node.to - node.from > MOST_CALLEE) {
      return null;
    }
    const words = nodeText(node, this.source).replace(/\s+/g, '');
    const cut = words.indexOf('.');
    const head = cut === -1 ? words : words.slice(0, cut);
    const meaning = this.aliases.get(head);
    return meaning === undefined ? words : meaning + words.slice(head.length);
  }

  /** What an expression says of a text; null: nothing. */
  expression(node: SyntaxNode | null | undefined): PathExpression | null {
    return readPath(node, { source: this.source, holes: [], depth: 0 });
  }

  text(node: SyntaxNode): string {
    return nodeText(node, this.source);
  }

  private mainEnd = 0;
}
