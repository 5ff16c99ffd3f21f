import { pageCallExpression } from '../page-call';
import { parsePythonString } from '../parse-python-string';

test.each([
  [`'{"a": 1}'`, '{"a": 1}'],
  [`'it\\'s "both"'`, `it's "both"`],
  [`"it's"`, `it's`],
  [`'{"path": "C:\\\\\\\\x", "line": "a\\\\nb"}'`, '{"path": "C:\\\\x", "line": "a\\nb"}'],
  [`'\\x41\\u00e9\\U0001f40d\\n\\t'`, 'Aé🐍\n\t'],
  [`''`, '']
])('%s is undone', (repr, text) => {
  expect(parsePythonString(repr)).toBe(text);
});

test.each(['', `'`, '42', `'open`, 'None'])('%s is no string', repr => {
  expect(parsePythonString(repr)).toBeNull();
});

test('arguments are quoted for JSON and for Python', () => {
  expect(pageCallExpression('capture', { source: 'print("a\\n")\n' })).toBe(
    `__import__('_sluice.kernel', fromlist=['page']).page.call('capture', ` +
      String.raw`"{\"source\":\"print(\\\"a\\\\n\\\")\\n\"}")`
  );
});
