import type { LoginStand } from '../login-stand';
import type { LoopbackSshd, SshdOptions } from '../loopback-sshd';
import type { Answerer } from '../scripted-person';
import type { TwoFactorOptions, TwoFactorRound, TwoFactorServer } from '../two-factor-server';

/** Alias of the host in all cases. */
export const HOST = 'login1';

/** Types what is given, in turn. */
export const typing =
  (...answers: string[]): Answerer =>
  ({ fields }) =>
    fields.map(() => answers.shift() ?? '');

/** A real sshd and its key file in the configuration. */
export async function sshdHost(
  stand: LoginStand,
  options: SshdOptions & { known?: (sshd: LoopbackSshd, hostKey: string) => readonly string[] } = {}
): Promise<LoopbackSshd> {
  const sshd = await stand.sshd(options);
  const hostKey = await sshd.hostKey('ed25519');
  const host = { port: sshd.port, hostKey, keys: [sshd.clientKeyPath] };
  await stand.host(HOST, host, options.known?.(sshd, hostKey));
  return sshd;
}

/** The small server, in the configuration. */
export async function twoFactorHost(
  stand: LoginStand,
  options: TwoFactorOptions,
  keys: readonly string[] = []
): Promise<TwoFactorServer> {
  const server = await stand.twoFactor(options);
  await stand.host(HOST, { ...server, keys });
  return server;
}

/** A round that asks for one code. */
export const code = (answer: string, more: Partial<TwoFactorRound> = {}): TwoFactorRound => ({
  prompts: [{ prompt: 'Verification code: ', echo: false }],
  answers: [answer],
  ...more
});

/** Fails unless the host was sent each of these once; what it was sent is not told. */
export function expectOnce(sent: readonly string[], ...answers: string[]): void {
  if (sent.join() !== answers.join()) {
    throw new Error(`the host was sent ${sent.length} answers where ${answers.length} are right`);
  }
}
