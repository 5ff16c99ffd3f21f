// two-factor.mjs FOLDER NAME…: SSH hosts that ask for a password and a code, until SIGTERM. Writes FOLDER/config for
// them, and one line to stdout once they listen. Nobody knows their host keys yet.
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { compileFunction } from 'node:vm';
import { transformFileSync } from '@swc/core';
import { at } from '../../scripts/setup/checkout.mjs';

const [folder, ...names] = process.argv.slice(2);

/** The server that the specs have; it is written for their compiler. */
function loadServer() {
  const filename = at('src/testing/two-factor-server.ts');
  const { code } = transformFileSync(filename, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' }
  });
  const exports = {};
  compileFunction(code, ['exports', 'require'], { filename })(exports, createRequire(filename));
  return exports;
}

const { startTwoFactorServer } = loadServer();
const rounds = [
  {
    instructions: 'Welcome to the cluster.\nYour second factor is asked for next.',
    prompts: [{ prompt: 'Password: ', echo: false }],
    answers: ['open sesame']
  },
  { prompts: [{ prompt: 'Verification code: ', echo: true }], answers: ['123456'] }
];

const hosts = await Promise.all(
  names.map(async name => {
    const { port } = await startTwoFactorServer({ ways: [['keyboard-interactive']], rounds });
    return [
      `Host ${name}`,
      '  HostName 127.0.0.1',
      `  Port ${port}`,
      '  PreferredAuthentications keyboard-interactive',
      `  UserKnownHostsFile ${path.join(folder, `known_hosts-${name}`)}`,
      '  GlobalKnownHostsFile /dev/null'
    ].join('\n');
  })
);
await writeFile(path.join(folder, 'config'), `${hosts.join('\n')}\n`);
console.log('ready');
process.on('SIGTERM', () => process.exit(0));
