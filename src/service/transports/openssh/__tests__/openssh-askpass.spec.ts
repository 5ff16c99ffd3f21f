import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { isAlive, waitUntil } from '../../../../testing/wait-until';
import { type AskpassAnswerer, OpensshAskpass } from '../openssh-askpass';
import { BOUND_SCRIPT } from '../openssh-askpass-script';
import { makeOpensshFolder, type OpensshFolder } from '../openssh-folder';
import type { AskpassCall } from '../openssh-prompt';

let folder: OpensshFolder;
beforeEach(async () => {
  folder = await makeOpensshFolder('test', 'box', process.env);
});
afterEach(async () => {
  await folder.remove();
});

/** Run the script as OpenSSH does. */
async function ask(
  prompt: string,
  answer: AskpassAnswerer['answer'],
  hint?: string
): Promise<{ status: number | null; stdout: string; faults: unknown[] }> {
  const faults: unknown[] = [];
  const askpass = new OpensshAskpass(folder, { answer, onFault: error => faults.push(error) });
  const env = { ...process.env, ...askpass.env, ...(hint && { SSH_ASKPASS_PROMPT: hint }) };
  const child = spawn(folder.askpass, [prompt], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const others: string[] = [];
  createInterface({ input: child.stderr }).on('line', line => {
    if (!askpass.take(line)) {
      others.push(line);
    }
  });
  kill = () => child.kill('SIGTERM');
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [stdout, [status]] = await Promise.all([text(child.stdout), closed]);
  askpass.dispose();
  expect(others).toEqual([]);
  return { status, stdout, faults };
}

let kill = (): unknown => undefined;

describe('the askpass script', () => {
  it('is private', async () => {
    expect((await stat(folder.path)).mode & 0o777).toBe(0o700);
    expect(Buffer.byteLength(folder.socket)).toBeLessThan(87);
  });

  it('hands over any prompt and any answer, and leaves nothing', async () => {
    const words = [
      '',
      ' two  spaces ',
      '-n',
      '\\0',
      `'"$(touch canary)\``,
      'é 漢',
      'x'.repeat(900)
    ];
    for (const word of words) {
      const calls: AskpassCall[] = [];
      const prompt = `${word}\n${word}: `;
      const { status, stdout } = await ask(prompt, call => {
        calls.push(call);
        return Promise.resolve(word);
      });
      expect(calls).toEqual([{ hint: '', text: prompt }]);
      expect({ status, stdout }).toEqual({ status: 0, stdout: `${word}\n` });
    }
    expect((await readdir(folder.path)).sort()).toEqual(['askpass']);
  });

  it('fails when there is no answer, or one of two lines', async () => {
    const fault = new Error('nobody');
    const refused = await ask('Code: ', () => Promise.reject(fault));
    expect(refused).toMatchObject({ status: 1, stdout: '', faults: [fault] });
    const two = await ask('Code: ', () => Promise.resolve('1\n2'));
    expect(two).toMatchObject({ status: 1, stdout: '' });
    expect(two.faults).toMatchObject([{ code: 'request-invalid' }]);
  });

  it('takes its question back when OpenSSH ends it', async () => {
    const asked = await ask(
      'Touch the key',
      (call, signal) => {
        expect(call.hint).toBe('none');
        setImmediate(kill);
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        });
      },
      'none'
    );
    expect(asked).toMatchObject({ stdout: '', faults: [] });
    expect((await readdir(folder.path)).sort()).toEqual(['askpass']);
  });

  it('does not wait for a service that was killed', async () => {
    // A service that began a program which asks, and was killed before it heard of that.
    const script = `const child = require('child_process').spawn('/bin/sh',
      ['-c', process.argv[1], 'bound', process.argv[2], '/bin/sh', '-c', '"$0" Code; :', process.argv[3]],
      { detached: true, stdio: ['pipe', 'ignore', 'inherit'],
        env: { ...process.env, SLUICE_ASKPASS: process.argv[2], SLUICE_ASKPASS_SECRET: 'secret' } });
      console.log(child.pid);`;
    const args = ['-e', script, BOUND_SCRIPT, folder.path, folder.askpass];
    const service = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = once(createInterface({ input: service.stderr }), 'line') as Promise<[string]>;
    const [line] = (await once(createInterface({ input: service.stdout }), 'line')) as [string];
    const [, verb, askpass] = (await said)[0].split(' ');
    expect(verb).toBe('ask');
    service.kill('SIGKILL');
    for (const pid of [Number(line), Number(askpass)]) {
      await waitUntil(`process ${pid} is gone`, async () => !isAlive(pid));
    }
    await waitUntil('the folder is gone', async () => !existsSync(folder.path));
  });
});
