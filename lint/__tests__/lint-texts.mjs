// Lints texts as if they were files of this checkout: [{path, text}] on stdin, and on stdout one
// list of messages for each. A program of its own, because jest cannot load ESLint's configuration.
import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';

const cases = JSON.parse(await text(process.stdin));
const eslint = new ESLint();
const results = [];
for (const { path, text } of cases) {
  const [result] = await eslint.lintText(text, { filePath: path });
  results.push(result?.messages.map(({ ruleId, message }) => ({ ruleId, message })) ?? []);
}
process.stdout.write(JSON.stringify(results));
