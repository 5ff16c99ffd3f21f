import type { CaseChange, CaseItem, CorpusCase } from './corpus-case';
import { parseExpectation } from './parse-expectation';
import { unescape } from './unescape';

type Section = { word: string; rest: string; body: string };

const HEADER = /^# (\w+): *(.*)$/;

/** Read the text of a case; refuses what it does not know, with the line. */
export function parseCase(name: string, text: string): CorpusCase {
  const [head = '', ...parts] = text.split(/^--- /m);
  const sections = parts.map(toSection);
  const headers = readHead(name, head);
  const bodies = (word: string): string[] =>
    sections.filter(section => section.word === word).map(({ body }) => body);
  const cell = bodies('cell')[0];
  const expect = bodies('expect')[0];
  if (cell === undefined || expect === undefined) {
    throw new Error(`${name}: a case needs \`--- cell\` and \`--- expect\``);
  }
  const options = sections.find(({ word }) => word === 'options');
  return {
    name,
    area: name.split('/')[0] ?? '',
    ...headers,
    before: bodies('before'),
    cell,
    options: options ? `${options.rest} ${options.body}`.trim() : '',
    items: sections.flatMap(section => toItem(name, section)),
    changes: sections.flatMap(toChange),
    ...parseExpectation(name, expect)
  };
}

function toSection(text: string): Section {
  const end = text.indexOf('\n');
  const [line, body] = end === -1 ? [text, ''] : [text.slice(0, end), text.slice(end + 1)];
  const [, word = '', rest = ''] = /^(\S+) ?(.*)$/.exec(line) ?? [];
  return { word, rest: unescape(rest), body };
}

function readHead(
  name: string,
  head: string
): Pick<CorpusCase, 'title' | 'rules' | 'cwd' | 'limit'> {
  const lines = head.split('\n').filter(line => line.trim() !== '');
  const field = (word: string): string | undefined =>
    lines.map(line => HEADER.exec(line)).find(match => match?.[1] === word)?.[2];
  const title = lines[0]?.startsWith('# ') === true ? lines[0].slice(2) : '';
  const rules = (field('rule') ?? '').split(',').map(rule => rule.trim());
  if (title === '' || rules.includes('')) {
    throw new Error(`${name}: a case begins with \`# title\` and \`# rule: area/rule\``);
  }
  return { title, rules, cwd: field('cwd') ?? '', limit: Number(field('limit') ?? 2 ** 20) };
}

function toItem(name: string, { word, rest, body }: Section): CaseItem[] {
  switch (word) {
    case 'file':
    case 'site':
      return [{ kind: word, path: rest, content: Buffer.from(body) }];
    case 'config':
      return [{ kind: 'file', path: 'sluice.toml', content: Buffer.from(body) }];
    case 'bytes':
      return [{ kind: 'file', path: rest, content: Buffer.from(body.replace(/\s/g, ''), 'hex') }];
    case 'repeat': {
      const [count, path] = cut(rest);
      return [{ kind: 'file', path, content: Buffer.from(body.repeat(Number(count))) }];
    }
    case 'size': {
      const [bytes, path] = cut(rest);
      return [{ kind: 'size', path, bytes: Number(bytes) }];
    }
    case 'mode': {
      const [mode, path] = cut(rest);
      return [{ kind: 'mode', path, mode: parseInt(mode, 8) }];
    }
    case 'link': {
      const [path = '', target = ''] = rest.split(' -> ');
      return [{ kind: 'link', path, target }];
    }
    case 'folder':
    case 'fifo':
      return [{ kind: word, path: rest }];
    case 'extension':
    case 'bytecode':
      return [{ kind: word, path: rest, source: body }];
    case 'before':
    case 'cell':
    case 'expect':
    case 'options':
    case 'edit':
    case 'delete':
      return [];
    default:
      throw new Error(`${name}: no section is called \`--- ${word}\``);
  }
}

function cut(text: string): [string, string] {
  const at = text.indexOf(' ');
  return [text.slice(0, at), text.slice(at + 1)];
}

function toChange({ word, rest, body }: Section): CaseChange[] {
  if (word === 'edit') {
    return [{ kind: 'edit', path: rest, content: Buffer.from(body) }];
  }
  return word === 'delete' ? [{ kind: 'delete', path: rest }] : [];
}
