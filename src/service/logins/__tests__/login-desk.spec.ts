import { inspect } from 'node:util';
import { cleanText } from '../clean-words';
import { type DeskListener, LoginDesk } from '../login-desk';
import { PROMPT_MS } from '../open-prompts';
import { PERMISSION_MS } from '../permissions';
import type { LoginQuestion } from '../../transports/login/login-prompter';

const address = { host: 'h', sshConfig: null };
const question: LoginQuestion = {
  host: 'h',
  kind: 'question',
  text: 'Code:',
  fields: [{ label: 'Code', secret: true }]
};
const never = new AbortController().signal;

/** A clock that the test moves. */
class Hand {
  ms = 1000;
  private readonly waiting = new Set<{ atMs: number; done: () => void }>();
  readonly nowMs = (): number => this.ms;
  readonly elapsedMs = (): number => this.ms;
  readonly delay = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise(resolve => {
      const entry = { atMs: this.ms + ms, done: resolve };
      this.waiting.add(entry);
      signal?.addEventListener('abort', () => {
        this.waiting.delete(entry);
        resolve();
      });
    });

  move(ms: number): void {
    this.ms += ms;
    this.waiting.forEach(({ atMs, done }) => {
      if (atMs <= this.ms) {
        done();
      }
    });
  }
}

describe('LoginDesk', () => {
  let clock: Hand;
  let desk: LoginDesk;
  let told: string[];
  let count: number;

  beforeEach(() => {
    clock = new Hand();
    count = 0;
    desk = new LoginDesk({ clock, newId: () => `p${(count += 1)}` });
    told = [];
    const listener: DeskListener = {
      prompt: ({ id, isShown }) => told.push(`${id} ${isShown ? 'shown' : 'open'}`),
      closed: id => told.push(`${id} closed`)
    };
    desk.listen(listener);
  });

  const ask = (given = question, signal = never): Promise<string[]> =>
    desk.prompter(address).begin().ask(given, signal);

  it('passes the answers to the login and keeps nothing', async () => {
    desk.allow(address, 'cluster');
    const answers = ask();
    expect(desk.open).toMatchObject([
      { id: 'p1', target: 'cluster', host: 'h', isShown: false, expiresAt: 1000 + PROMPT_MS }
    ]);
    desk.answer('p1', ['geheim']);
    expect(await answers).toEqual(['geheim']);
    expect(desk.open).toEqual([]);
    expect(told).toEqual(['p1 open', 'p1 closed']);
    expect(inspect(desk, { depth: null, showHidden: true })).not.toContain('geheim');
  });

  it('takes the first answer only', async () => {
    desk.allow(address, 't');
    const answers = ask();
    desk.answer('p1', ['1']);
    expect(() => desk.answer('p1', ['2'])).toThrow('This question is over');
    expect(await answers).toEqual(['1']);
    expect(() => desk.answer('p9', null)).toThrow('This question is over');
  });

  it('refuses another number of answers, and the question stays', async () => {
    desk.allow(address, 't');
    const answers = ask();
    expect(() => desk.answer('p1', ['1', '2'])).toThrow('2 answers for a question with 1 fields');
    expect(() => desk.answer('p1', [])).toThrow('0 answers');
    desk.answer('p1', ['1']);
    expect(await answers).toEqual(['1']);
  });

  it('takes a plain yes where nothing is to be typed', async () => {
    desk.allow(address, 't');
    const answers = ask({ ...question, kind: 'host-key', fields: [] });
    desk.answer('p1', []);
    expect(await answers).toEqual([]);
  });

  it('says who gave up, and who never came', async () => {
    desk.allow(address, 'cluster');
    const attempt = desk.prompter(address).begin();
    const first = attempt.ask(question, never);
    desk.answer('p1', null);
    await expect(first).rejects.toMatchObject({ code: 'login-canceled' });
    const second = attempt.ask(question, never);
    clock.move(PROMPT_MS);
    await expect(second).rejects.toMatchObject({
      code: 'needs-login',
      details: { target: 'cluster', host: 'h', problem: 'nobody answered its question in time' }
    });
    expect(desk.open).toEqual([]);
    expect(attempt.hasAsked).toBe(true);
  });

  it('withdraws a question with its login', async () => {
    desk.allow(address, 't');
    const abort = new AbortController();
    const attempt = desk.prompter(address).begin();
    const first = attempt.ask(question, abort.signal);
    abort.abort(new Error('too late'));
    await expect(first).rejects.toThrow('too late');
    const second = attempt.ask(question, never);
    attempt.end();
    await expect(second).rejects.toMatchObject({ code: 'needs-login' });
    expect(told).toEqual(['p1 open', 'p1 closed', 'p2 open', 'p2 closed']);
  });

  it('asks only after an action of a person, one login for each', async () => {
    await expect(ask()).rejects.toMatchObject({ code: 'needs-login' });
    const { mayAsk } = desk.prompter(address);
    expect(mayAsk).toBe(false);

    desk.allow(address, 't');
    expect(desk.prompter(address).mayAsk).toBe(true);
    expect(desk.prompter({ host: 'other', sshConfig: null }).mayAsk).toBe(false);
    const attempt = desk.prompter(address).begin();
    expect(desk.prompter(address).mayAsk).toBe(false);
    const answers = attempt.ask(question, never);
    desk.answer('p1', ['1']);
    await answers;
    attempt.end();
    await expect(ask()).rejects.toMatchObject({ code: 'needs-login' });
    expect(told).toEqual(['p1 open', 'p1 closed']);
  });

  it('forgets an action when it is done, when a login ended after it, and after a minute', () => {
    const prompter = desk.prompter(address);
    const done = desk.allow(address, 't');
    const other = desk.allow(address, 't');
    done();
    expect(prompter.mayAsk).toBe(true);
    other();
    expect(prompter.mayAsk).toBe(false);

    const attempt = prompter.begin();
    desk.allow(address, 't');
    attempt.end();
    expect(prompter.mayAsk).toBe(false);

    desk.allow(address, 't');
    clock.move(PERMISSION_MS);
    expect(prompter.mayAsk).toBe(false);
  });

  it('lets a login of the background ask a person who has come meanwhile', async () => {
    const attempt = desk.prompter(address).begin();
    await expect(attempt.ask(question, never)).rejects.toMatchObject({ code: 'needs-login' });
    desk.allow(address, 't');
    const answers = attempt.ask(question, never);
    desk.answer('p1', ['1']);
    expect(await answers).toEqual(['1']);
  });

  it('tells an open question again when somebody begins or ends to show it', async () => {
    desk.allow(address, 't');
    const before = desk.revision;
    const answers = ask();
    const [first, second] = [desk.show(), desk.show()];
    expect(desk.open[0]?.isShown).toBe(true);
    first();
    first();
    second();
    expect(told).toEqual(['p1 open', 'p1 shown', 'p1 open']);
    expect(desk.revision).toBeGreaterThan(before);
    desk.answer('p1', ['1']);
    await answers;
  });

  it('shows a server’s words without what a terminal would obey', () => {
    const words =
      'Duo \u001b[31mlogin\u001b[0m\r\n\u001b]0;title\u0007 1.\tPush\u202e\u0000\nEnter:\u001b[2J';
    expect(cleanText(words)).toBe('Duo login\n 1. Push\nEnter:');
    expect(cleanText('x'.repeat(100_000)).length).toBeLessThan(5000);
  });

  it('keeps a thousand questions of many hosts apart', async () => {
    const hosts = Array.from({ length: 1000 }, (_, i) => ({ host: `h${i}`, sshConfig: null }));
    const answers = hosts.map(each => {
      desk.allow(each, `t${each.host}`);
      return desk
        .prompter(each)
        .begin()
        .ask({ ...question, host: each.host }, never);
    });
    desk.open.forEach(({ id, host }) => {
      desk.answer(id, [`for ${host}`]);
    });
    expect(await Promise.all(answers)).toEqual(hosts.map(({ host }) => [`for ${host}`]));
    expect(desk.open).toEqual([]);
  });
});
