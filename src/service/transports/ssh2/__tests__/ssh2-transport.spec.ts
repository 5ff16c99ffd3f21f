import { type LoopbackSshd, startSshd } from '../../../../testing/loopback-sshd';
import { transportContract } from '../../../../testing/transport-contract';
import { createSsh2Transport } from '../ssh2-transport';

// What a noisy startup file does: a megabyte on both outputs, without a last newline.
const NOISY_LOGIN = [
  'noise() { head -c 1048576 /dev/zero | tr "\\0" "#"; printf "Welcome to the \'cluster\': $(whoami)"; }',
  'noise',
  'noise >&2',
  'exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"'
].join('\n');

const LOGINS = [
  ['ssh2', {}],
  ['ssh2 behind a noisy login', { forceCommand: NOISY_LOGIN }],
  ['ssh2 with two sessions', { lines: ['MaxSessions 2'] }]
] as const;

describe.each(LOGINS)('%s', (name, options) => {
  let sshd: LoopbackSshd;
  beforeAll(async () => {
    sshd = await startSshd({ ...options, lines: [...('lines' in options ? options.lines : [])] });
  });
  afterAll(async () => {
    await sshd.stop();
  });
  transportContract(name, async () =>
    createSsh2Transport({ target: 'test', host: 'loopback', sshConfig: sshd.configPath })
  );
});
