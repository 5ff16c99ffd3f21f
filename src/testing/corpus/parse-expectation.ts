import {
  type CorpusCase,
  type ExpectedItem,
  type ExpectedRun,
  type ListName,
  LISTS
} from './corpus-case';
import { unescape } from './unescape';

/** Lists whose items have spaces of their own are cut at bars. */
const CUT_AT_BARS = new Set<string>(['left out', 'notes']);

/** Read `--- expect`: a list that is not named is empty. */
export function parseExpectation(
  name: string,
  text: string
): Pick<CorpusCase, 'expected' | 'manifest' | 'runs'> {
  const lines = new Map<string, string>();
  for (const line of text.split('\n').filter(each => each.trim() !== '')) {
    const [, key = '', value = ''] = /^([a-z ]+): *(.*)$/.exec(line) ?? [];
    if (!isKey(key) || lines.has(key)) {
      throw new Error(`${name}: not an expectation, or a second one: ${line}`);
    }
    lines.set(key, value);
  }
  const lists = LISTS.map(key => [key, parseList(key, lines.get(key) ?? '')] as const);
  const expected = Object.fromEntries(lists) as Record<ListName, ExpectedItem[]>;
  const whole = expected.obstacles.length === 0 ? 'same' : 'refused';
  return {
    expected,
    manifest: lines.get('manifest') ?? null,
    runs: parseRun(name, lines.get('runs') ?? whole)
  };
}

function isKey(word: string): boolean {
  return word === 'manifest' || word === 'runs' || LISTS.some(list => list === word);
}

function parseList(key: string, text: string): ExpectedItem[] {
  const parts = text.split(CUT_AT_BARS.has(key) ? ' | ' : ', ');
  return parts
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(part => {
      const [item = '', reason = null] = part.split(' :: ');
      return { item: unescape(item), reason: reason === null ? null : unescape(reason) };
    });
}

function parseRun(name: string, text: string): ExpectedRun {
  const [, word = '', rest = ''] = /^(\w+):? *(.*)$/.exec(text) ?? [];
  switch (word) {
    case 'same':
    case 'refused':
      return { kind: word };
    case 'fails':
      return { kind: 'fails', with: rest };
    case 'prints':
      return { kind: 'prints', text: unescape(rest) };
    default:
      throw new Error(`${name}: no way to run is called \`${text}\``);
  }
}
