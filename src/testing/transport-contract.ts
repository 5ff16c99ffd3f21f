import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline';
import type { IRemoteStream, ITransport } from '../service/transports/transport';
import { shQuote } from '../shared/sh-quote';
import { isAlive, waitUntil } from './wait-until';

const TIMEOUT_MS = 30_000;
// Each script costs a login shell, whose startup files may be slow.
const TEST_TIMEOUT_MS = 60_000;
const MEGABYTE = 1024 * 1024;

/** Names that a careless shell line would take for something else. */
const HOSTILE_NAMES = [
  'with space',
  `it's "quoted"`,
  'new\nline',
  '$(touch canary)',
  '`touch canary`',
  '; touch canary',
  '-n',
  '--help',
  '*',
  '~',
  '\\back\\slash',
  'ünïcödé 漢字 🚀',
  '%s%n',
  '!bang'
];

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const how = (action: string) => ({ action, timeoutMs: TIMEOUT_MS });

/** What every transport must do. `make` gives a fresh one to this same machine and user. */
export function transportContract(name: string, make: () => Promise<ITransport>): void {
  describe(`${name} keeps the transport contract`, () => {
    let transport: ITransport;
    let folder: string;
    jest.setTimeout(TEST_TIMEOUT_MS);

    beforeAll(async () => {
      transport = await make();
    });
    afterAll(async () => {
      await transport.close();
    });
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'transport-'));
    });
    afterEach(async () => {
      await rm(folder, { recursive: true });
    });

    const run = (script: string, data?: Buffer | Readable) =>
      transport.run(script, { ...how('test'), data });

    const fingerprintOfStdin = 'set -- $(sha256sum); echo "$1"';

    describe('run', () => {
      it('gives status, stdout and stderr apart', async () => {
        const { status, stdout, stderr } = await run('echo out; echo err >&2; exit 7');
        expect({ status, stdout, stderr }).toEqual({
          status: 7,
          stdout: Buffer.from('out\n'),
          stderr: 'err\n'
        });
      });

      it('gives every byte of stdout, also without a last newline', async () => {
        const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
        const { stdout } = await run('cat', bytes);
        expect(stdout.equals(bytes)).toBe(true);
      });

      it('gives nothing for a script that prints nothing', async () => {
        const { status, stdout, stderr } = await run(':');
        expect({ status, stdout, stderr }).toEqual({
          status: 0,
          stdout: Buffer.alloc(0),
          stderr: ''
        });
      });

      it.each([
        ['a syntax error', 'if then'],
        ['an unmatched quote', `echo '`],
        ['an unmatched parenthesis', ')'],
        ['an unmatched brace', '}']
      ])('reports %s in the script as its status', async (_, script) => {
        const { status, stderr } = await run(script);
        expect(status).not.toBe(0);
        expect(stderr).not.toBe('');
      });

      it('passes any text of a script through unharmed', async () => {
        const words = [...HOSTILE_NAMES, 'x'.repeat(200_000)];
        for (const word of words) {
          const { stdout } = await run(`printf %s ${shQuote(word)}`);
          expect(stdout.toString()).toBe(word);
        }
      });

      it('knows here-documents, comments at the end and a leading dash', async () => {
        const { stdout } = await run(`cat <<'END'\n$(no) \`no\` "'\nEND\n# done`);
        expect(stdout.toString()).toBe(`$(no) \`no\` "'\n`);
        expect((await run('-x')).status).toBe(127);
      });

      it('lets the script read end of file when there is no data', async () => {
        const { stdout } = await run('cat; echo ended');
        expect(stdout.toString()).toBe('ended\n');
      });

      it('hands 10 MB to the script', async () => {
        const bytes = randomBytes(10 * MEGABYTE);
        const { stdout } = await run(fingerprintOfStdin, bytes);
        expect(stdout.toString().trim()).toBe(sha256(bytes));
      });

      it('hands a stream of data to the script', async () => {
        const bytes = randomBytes(3 * MEGABYTE);
        const chunks = [
          bytes.subarray(0, 1),
          bytes.subarray(1, MEGABYTE),
          bytes.subarray(MEGABYTE)
        ];
        const { stdout } = await run(fingerprintOfStdin, Readable.from(chunks));
        expect(stdout.toString().trim()).toBe(sha256(bytes));
      });

      it('never runs data as commands', async () => {
        const data = Buffer.from(`touch ${join(folder, 'canary')}\n`.repeat(1000));
        expect((await run('read -r first; echo read', data)).stdout.toString()).toBe('read\n');
        expect(await readdir(folder)).toEqual([]);
      });

      it('needs no reader for the data', async () => {
        const { status } = await run('exit 3', randomBytes(10 * MEGABYTE));
        expect(status).toBe(3);
      });

      it('fails with the fault of a data stream', async () => {
        const fault = new Error('the disk is gone');
        const broken = new Readable({ read() {} });
        broken.push('some');
        const running = run('cat >/dev/null', broken);
        setImmediate(() => broken.destroy(fault));
        await expect(running).rejects.toBe(fault);
      });

      it('gives 50 MB of stdout intact', async () => {
        const bytes = 50 * MEGABYTE;
        const script = `head -c ${bytes} /dev/zero | tr '\\0' 'x'`;
        const { stdout } = await run(script);
        expect(stdout.length).toBe(bytes);
        expect(sha256(stdout)).toBe(sha256(Buffer.alloc(bytes, 'x')));
      });

      it('keeps the beginning and the end of a long stderr', async () => {
        const { stderr } = await run(
          `echo first >&2; head -c ${MEGABYTE} /dev/zero | tr '\\0' x >&2; echo last >&2`
        );
        expect(stderr.length).toBeLessThan(100_000);
        expect(stderr).toMatch(/^first\n/);
        expect(stderr).toMatch(/last\n$/);
      });

      it('serves 30 calls at once, each with its own answer', async () => {
        const numbers = Array.from({ length: 30 }, (_, index) => index);
        const results = await Promise.all(
          numbers.map(number => run(`cat; exit ${number}`, Buffer.from(`#${number}`)))
        );
        expect(results.map(({ status }) => status)).toEqual(numbers);
        expect(results.map(({ stdout }) => stdout.toString())).toEqual(
          numbers.map(number => `#${number}`)
        );
      });

      it('gives the script a clean beginning', async () => {
        const { stdout } = await run('umask; echo "$LC_ALL"; pwd; echo "$#"; echo "$?"');
        expect(stdout.toString()).toBe(`0077\nC\n${homedir()}\n0\n0\n`);
      });

      it('returns while a child goes on in the background', async () => {
        const { stdout } = await run('sleep 1000 & echo $!');
        const pid = Number(stdout.toString());
        expect(isAlive(pid)).toBe(true);
        process.kill(pid, 'SIGKILL');
      });
    });

    describe('an end from here', () => {
      const writePids = (): string =>
        `sh -c 'echo $$ >${folder}/child; sleep 1000' & echo $$ >${folder}/shell; wait`;

      const readPids = async (): Promise<number[]> => {
        const pids = ['shell', 'child'].map(async name => {
          const file = join(folder, name);
          await waitUntil(`${name} has written its pid`, async () =>
            (await text(Readable.from([await readFile(file).catch(() => '')]))).endsWith('\n')
          );
          return Number(await readFile(file, 'utf8'));
        });
        return Promise.all(pids);
      };

      const expectGone = async (pids: number[]): Promise<void> => {
        for (const pid of pids) {
          await waitUntil(`process ${pid} is gone`, async () => !isAlive(pid));
        }
      };

      it('kills the script and its children at the deadline', async () => {
        const running = transport.run(writePids(), { action: 'wait for ever', timeoutMs: 1500 });
        await expect(running).rejects.toMatchObject({
          code: 'remote-timeout',
          details: { action: 'wait for ever', host: transport.host, seconds: 2 }
        });
        await expectGone(await readPids());
      });

      it('kills the script and its children when the caller aborts', async () => {
        const controller = new AbortController();
        const running = transport.run(writePids(), { ...how('wait'), signal: controller.signal });
        const rejected = expect(running).rejects.toThrow('enough');
        const pids = await readPids();
        controller.abort(new Error('enough'));
        await rejected;
        await expectGone(pids);
      });

      it('does not start what was aborted before', async () => {
        const signal = AbortSignal.abort(new Error('too late'));
        const running = transport.run(`touch ${folder}/canary`, { ...how('touch'), signal });
        await expect(running).rejects.toThrow('too late');
        await run(':');
        expect(await readdir(folder)).toEqual([]);
      });
    });

    describe('files', () => {
      it.each(HOSTILE_NAMES)('writes and reads a file named %j', async name => {
        const path = join(folder, name);
        const bytes = randomBytes(1000);
        await transport.write(path, bytes);
        expect((await readFile(path)).equals(bytes)).toBe(true);
        expect((await transport.read(path)).equals(bytes)).toBe(true);
        expect(await readdir(folder)).toEqual([name]);
        expect(existsSync(join(homedir(), 'canary'))).toBe(false);
      });

      it('keeps a file private, or gives it the mode that was asked for', async () => {
        const path = join(folder, 'file');
        await transport.write(path, Buffer.from('x'));
        expect((await stat(path)).mode & 0o777).toBe(0o600);
        await transport.write(path, Buffer.from('x'), { mode: 0o755 });
        expect((await stat(path)).mode & 0o777).toBe(0o755);
      });

      it('replaces a file by another one, never in its place', async () => {
        const path = join(folder, 'file');
        await transport.write(path, Buffer.from('old'));
        const before = (await stat(path)).ino;
        await transport.write(path, Readable.from([Buffer.from('n'), Buffer.from('ew')]));
        expect((await stat(path)).ino).not.toBe(before);
        expect((await transport.read(path)).toString()).toBe('new');
      });

      it('leaves the old file and nothing else when the data break off', async () => {
        const path = join(folder, 'file');
        await transport.write(path, Buffer.from('old'));
        const broken = Readable.from(
          (async function* () {
            yield Buffer.from('half');
            throw new Error('origin failed');
          })()
        );
        await expect(transport.write(path, broken)).rejects.toThrow('origin failed');
        expect((await transport.read(path)).toString()).toBe('old');
        expect(await readdir(folder)).toEqual(['file']);
      });

      it('writes an empty file', async () => {
        await transport.write(join(folder, 'empty'), Buffer.alloc(0));
        expect(await transport.read(join(folder, 'empty'))).toHaveLength(0);
      });

      it('reads a part', async () => {
        const path = join(folder, 'file');
        const bytes = randomBytes(100_000);
        await transport.write(path, bytes);
        const part = async (offset?: number, length?: number) =>
          (await transport.read(path, { offset, length })).toString('hex');
        expect(await part(10, 20)).toBe(bytes.subarray(10, 30).toString('hex'));
        expect(await part(99_990)).toBe(bytes.subarray(99_990).toString('hex'));
        expect(await part(undefined, 5)).toBe(bytes.subarray(0, 5).toString('hex'));
        expect(await part(200_000, 5)).toBe('');
        expect(await part(5, 0)).toBe('');
      });

      it('says clearly that a file is missing', async () => {
        const path = join(folder, 'nothing');
        await expect(transport.read(path)).rejects.toMatchObject({
          code: 'remote-command-failed',
          details: { action: `read ${path}`, missing: true, stderr: 'there is no such file' }
        });
      });

      it('refuses to read or to replace a directory', async () => {
        await expect(transport.read(folder)).rejects.toMatchObject({
          details: { missing: false, stderr: 'it is a directory' }
        });
        await expect(transport.write(folder, Buffer.from('x'))).rejects.toMatchObject({
          code: 'remote-command-failed',
          details: { stderr: 'it is a directory' }
        });
        expect(await readdir(folder)).toEqual([]);
      });

      it('says why a file cannot be written', async () => {
        const path = join(folder, 'no', 'such', 'folder');
        await expect(transport.write(path, Buffer.from('x'))).rejects.toMatchObject({
          code: 'remote-command-failed',
          details: { stderr: expect.stringMatching(/no such|nonexistent/i) as string }
        });
      });
    });

    describe('stream', () => {
      const echo = 'while read -r line; do echo "got $line"; done; echo bye >&2; exit 5';
      const open = (script: string): Promise<IRemoteStream> =>
        transport.stream(script, how('follow'));

      it('answers line by line and ends when it is closed', async () => {
        const stream = await open(echo);
        const lines = createInterface({ input: stream.output })[Symbol.asyncIterator]();
        for (const word of ['one', 'two', 'three']) {
          stream.write(`${word}\n`);
          expect((await lines.next()).value).toBe(`got ${word}`);
        }
        stream.close();
        stream.close();
        expect(await stream.closed).toBe(5);
        expect((await lines.next()).done).toBe(true);
      });

      it('ends by itself when the script ends', async () => {
        const stream = await open('echo only; exit 4');
        expect(await text(stream.output)).toBe('only\n');
        expect(await stream.closed).toBe(4);
        stream.write('too late\n');
        stream.close();
      });

      it('gives large output intact to a slow reader', async () => {
        const stream = await open(`head -c ${5 * MEGABYTE} /dev/zero`);
        let bytes = 0;
        for await (const chunk of stream.output as AsyncIterable<Buffer>) {
          bytes += chunk.length;
          await new Promise(setImmediate);
        }
        expect(bytes).toBe(5 * MEGABYTE);
      });

      it('does not keep other calls from running', async () => {
        const stream = await open(echo);
        expect((await run('echo beside')).stdout.toString()).toBe('beside\n');
        stream.close();
        await stream.closed;
      });
    });

    it('opens a connection from the host', async () => {
      const server = createServer(socket => socket.end('hello'));
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as { port: number };
      const socket = await transport.forward('127.0.0.1', port);
      expect(await text(socket)).toBe('hello');
      await new Promise(resolve => server.close(resolve));
      await expect(transport.forward('127.0.0.1', port)).rejects.toMatchObject({
        code: 'remote-command-failed',
        details: { action: `connect to 127.0.0.1:${port}` }
      });
    });

    it('ends what runs when it is closed, twice, and opens again', async () => {
      const own = await make();
      const stream = await own.stream('echo "$$"; cat', how('follow'));
      const lines = createInterface({ input: stream.output })[Symbol.asyncIterator]();
      const pid = Number((await lines.next()).value);
      await own.close();
      await own.close();
      await stream.closed;
      await waitUntil('the script is gone', async () => !isAlive(pid));
      expect((await own.run('echo again', how('run'))).stdout.toString()).toBe('again\n');
      await own.close();
    });
  });
}
