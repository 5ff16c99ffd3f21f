import { readFile, writeFile } from 'node:fs/promises';
import { SluiceError } from '../../../shared/errors';
import { hasIpv6, LOGIN_CASES } from '../../../testing/login-cases/all-logins';
import type { LoginCase } from '../../../testing/login-cases/login-case';
import { LoginStand } from '../../../testing/login-stand';
import { ScriptedPerson } from '../../../testing/scripted-person';
import { VirtualClock } from '../../../testing/virtual-clock';
import type { ChannelSourceOptions, SshWay } from '../channel-source-options';
import { nobody } from '../login/login-prompter';
import { createOpensshTransport } from '../openssh/openssh-transport';
import { createSsh2Transport } from '../ssh2/ssh2-transport';
import type { ITransport } from '../transport';

jest.setTimeout(60_000);

const WAYS: Record<SshWay, (options: ChannelSourceOptions) => ITransport> = {
  ssh2: createSsh2Transport,
  openssh: createOpensshTransport
};

/** The page with the table of logins; `UPDATE_DOCS=1` writes it anew. */
const PAGE = 'docs/logins.md';
const BEGIN = '<!-- logins: written by the tests -->';
const END = '<!-- logins: end -->';

const found = new Map<string, Partial<Record<SshWay, string>>>();

const expectedEnd = ({ ends }: LoginCase, way: SshWay): string =>
  typeof ends === 'string' ? ends : ends[way];

/** `in`, or the code of the error. */
async function endOf(transport: ITransport, calls: number): Promise<string> {
  const how = { action: 'test', timeoutMs: 20_000 };
  try {
    const results = await Promise.all(
      Array.from({ length: calls }, () => transport.run('echo reached', how))
    );
    return results.every(({ stdout }) => stdout.toString() === 'reached\n') ? 'in' : 'no output';
  } catch (error) {
    if (error instanceof SluiceError) {
      return error.code;
    }
    throw error;
  }
}

describe.each(Object.keys(WAYS) as SshWay[])('a login by %s', way => {
  let stand: LoginStand;
  beforeEach(async () => {
    stand = await LoginStand.create();
  });
  afterEach(async () => {
    await stand.end();
  });

  it.each(LOGIN_CASES.map(one => [one.name, one] as const))('%s', async (name, one) => {
    const clock = new VirtualClock();
    const trial = await one.setUp(stand, ms => clock.advance(ms));
    const person = new ScriptedPerson(trial.answer ?? (() => null));
    const transport = WAYS[way]({
      target: 'cluster',
      host: trial.host,
      sshConfig: stand.configPath,
      prompter: trial.answer === undefined ? nobody : person,
      after: clock.after
    });
    stand.onEnd(() => transport.close());
    const end = await endOf(transport, trial.calls ?? 1);
    found.set(name, { ...found.get(name), [way]: end });
    expect(end).toBe(expectedEnd(one, way));
    const asked = person.asked.map(({ host, kind }) => `${host}: ${kind}`);
    expect(asked).toEqual(trial.asks ?? []);
    await trial.check?.();
    expect(person.running).toBe(0);
  });
});

function tableRow({ name, server }: LoginCase): string {
  const { ssh2 = '?', openssh = '?' } = found.get(name) ?? {};
  const cell = (end: string): string => (end === 'in' ? 'in' : `\`${end}\``);
  return `| ${name} | ${server} | ${cell(ssh2)} | ${cell(openssh)} |`;
}

describe('the page of logins', () => {
  it('has the table of what was found', async () => {
    const page = await readFile(PAGE, 'utf8');
    const [before, rest = ''] = page.split(BEGIN);
    const after = rest.split(END)[1] ?? '';
    const table = [
      '| login | host | ssh2 | OpenSSH |',
      '|---|---|---|---|',
      ...LOGIN_CASES.map(tableRow)
    ].join('\n');
    const written = `${before}${BEGIN}\n\n${table}\n\n${END}${after}`;
    if (process.env['UPDATE_DOCS'] === '1') {
      await writeFile(PAGE, written);
    }
    expect(await readFile(PAGE, 'utf8')).toBe(written);
  });

  it('was made where IPv6 could be tried', async () => {
    expect(await hasIpv6()).toBe(true);
  });
});
