import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A link with latency, in a process of its own: `argv` names the code and the port behind it. */
const [code = '', port = ''] = process.argv.slice(2);
const require = createRequire(join(code, 'index.js'));
const { stallingProxy } = require('./testing/stalling-proxy.js') as {
  stallingProxy: (port: number) => Promise<{ port: number; latencyMs: number }>;
};
const proxy = await stallingProxy(Number(port));
process.stdout.write(`${proxy.port}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  proxy.latencyMs = Number(line);
  process.stdout.write('done\n');
}
process.exit(0);
