import type { TwoFactorOptions } from '../two-factor-server';
import { code, expectOnce, HOST, twoFactorHost, typing } from './case-hosts';
import { type LoginCase, loginCase } from './login-case';

const PASSWORD = 'correct horse';

const rounds = (count: number): LoginCase =>
  loginCase(
    `keyboard-interactive, ${count} round${count === 1 ? '' : 's'}`,
    'ssh2 server',
    'in',
    async stand => {
      const codes = Array.from({ length: count }, (_, index) => `code-${index}`);
      const server = await twoFactorHost(stand, {
        ways: [['keyboard-interactive']],
        rounds: codes.map(one => code(one))
      });
      return {
        host: HOST,
        answer: typing(...codes),
        asks: codes.map(() => `${HOST}: question`),
        check: () => expectOnce(server.count.answers, ...codes)
      };
    }
  );

const afterKey = (
  name: string,
  second: Pick<TwoFactorOptions, 'password' | 'rounds'>,
  asks: readonly string[]
): LoginCase =>
  loginCase(name, 'ssh2 server', 'in', async stand => {
    const { path, publicKey } = await stand.key('id');
    const method = second.password === undefined ? 'keyboard-interactive' : 'password';
    const ways = [['publickey', method]] as const;
    const server = await twoFactorHost(stand, { ways, keys: [publicKey], ...second }, [path]);
    const typed = second.password ?? '123456';
    return {
      host: HOST,
      answer: typing(typed),
      asks,
      check: () => expectOnce([...server.count.answers, ...server.count.passwords], typed)
    };
  });

/** Logins that ask a person. */
export const ASKED_LOGINS: readonly LoginCase[] = [
  loginCase('password', 'ssh2 server', 'in', async stand => {
    const server = await twoFactorHost(stand, { ways: [['password']], password: PASSWORD });
    return {
      host: HOST,
      answer: typing(PASSWORD),
      asks: [`${HOST}: password`],
      check: () => expectOnce(server.count.passwords, PASSWORD)
    };
  }),
  loginCase('password, wrong', 'ssh2 server', 'authentication-refused', async stand => {
    const server = await twoFactorHost(stand, { ways: [['password']], password: PASSWORD });
    return {
      host: HOST,
      answer: typing('wrong'),
      asks: [`${HOST}: password`],
      check: () => expectOnce(server.count.passwords, 'wrong')
    };
  }),
  loginCase('password, and nobody is there', 'ssh2 server', 'needs-login', async stand => {
    await twoFactorHost(stand, { ways: [['password']], password: PASSWORD });
    return { host: HOST };
  }),
  rounds(1),
  rounds(2),
  rounds(3),
  loginCase('keyboard-interactive with words alone', 'ssh2 server', 'in', async stand => {
    const silent = { instructions: 'Welcome', prompts: [] };
    await twoFactorHost(stand, { ways: [['keyboard-interactive']], rounds: [silent] });
    return { host: HOST, asks: [] };
  }),
  loginCase('wrong code', 'ssh2 server', 'authentication-refused', async stand => {
    const server = await twoFactorHost(stand, {
      ways: [['keyboard-interactive']],
      rounds: [code('right')]
    });
    return {
      host: HOST,
      answer: typing('wrong'),
      asks: [`${HOST}: question`],
      check: () => expectOnce(server.count.answers, 'wrong')
    };
  }),
  afterKey('key, then a code', { rounds: [code('123456')] }, [`${HOST}: question`]),
  afterKey('key, then a password', { password: PASSWORD }, [`${HOST}: password`]),
  loginCase('key of the agent, then a code', 'ssh2 server', 'in', async stand => {
    const { path, publicKey } = await stand.key('id');
    const agent = await stand.agent([path]);
    const ways = [['publickey', 'keyboard-interactive']] as const;
    const server = await stand.twoFactor({ ways, keys: [publicKey], rounds: [code('123456')] });
    await stand.host(HOST, { ...server, agent });
    return {
      host: HOST,
      answer: typing('123456'),
      asks: [`${HOST}: question`],
      check: () => expectOnce(server.count.answers, '123456')
    };
  }),
  loginCase('a push that takes two minutes', 'ssh2 server', 'in', async (stand, elapse) => {
    const wait = async (): Promise<void> => elapse(120_000);
    const said = { instructions: 'Success. Logging you in…', prompts: [] };
    await twoFactorHost(stand, {
      ways: [['keyboard-interactive']],
      rounds: [code('1', { wait }), said]
    });
    return { host: HOST, answer: typing('1'), asks: [`${HOST}: question`] };
  })
];
