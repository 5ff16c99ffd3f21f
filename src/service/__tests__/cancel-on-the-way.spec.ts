import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyCapture } from '../../shared/wire/empty-capture';
import type { FileList } from '../../shared/wire/files';
import type { SubmitInput } from '../../shared/wire/submit';
import type { Task } from '../../shared/wire/task';
import { type LoopbackSshd, startSshd } from '../../testing/loopback-sshd';
import { ServiceStand, venvPython } from '../../testing/service-stand';
import { stallingProxy, type StallingProxy } from '../../testing/stalling-proxy';
import { waitUntil } from '../../testing/wait-until';
import { sha256 } from '../sync/sha256';

jest.setTimeout(120_000);

const BYTES = 24 * 2 ** 20;
const SLOW = 6 * 2 ** 20;
/** Less than what is on its way between the two ends. */
const SOME = 10 * 2 ** 20;
/** What logins, questions and workers may cost beside the files. */
const SMALL_BYTES = 2 * 2 ** 20;
const NO_WORDS = /NaN|Infinity|undefined|null| 0 B of|of 0 B|0\.0 of 0\.0|\b1 files/;

describe('what is given up on its way', () => {
  let stand: ServiceStand;
  let sshd: LoopbackSshd;
  let proxy: StallingProxy;
  let home: string;
  let root: string;
  let words: Set<string>;

  beforeAll(async () => {
    sshd = await startSshd();
    proxy = await stallingProxy(sshd.port);
    await sshd.writeKnownHosts([`[127.0.0.1]:${proxy.port} ${await sshd.hostKey('ed25519')}`]);
  });

  afterAll(async () => {
    await proxy.close();
    await sshd.stop();
  });

  beforeEach(async () => {
    words = new Set();
    home = mkdtempSync(join(tmpdir(), 'sl-given-up-'));
    root = join(home, 'root');
    mkdirSync(join(home, 'nb'));
    proxy.bytesPerSecond = Infinity;
    const config = [
      '[targets.far]',
      `host = "loopback:${proxy.port}"`,
      `ssh_config = ${JSON.stringify(sshd.configPath)}`,
      'scheduler = "process"',
      `root = ${JSON.stringify(root)}`,
      `python = ${JSON.stringify(venvPython)}`,
      ''
    ];
    stand = await ServiceStand.open(config.join('\n'));
  });

  afterEach(async () => {
    await stand.close();
    rmSync(home, { recursive: true, force: true });
  });

  const folder = (): string => join(home, 'nb');

  const request = (source: string): SubmitInput =>
    stand.cell(source, {
      target: 'far',
      origin: { notebookPath: join(folder(), 'n.ipynb'), cellId: 'c', kernelId: null },
      projectDir: folder(),
      capture: {
        ...emptyCapture(),
        host: 'laptop',
        nonce: stand.nonce,
        cwd: folder(),
        accepts: ['json']
      }
    });

  const task = async (id: string): Promise<Task> => {
    const found = (await stand.app.inject({ url: `/api/status/${id}` })).json<Task>();
    if (found.progress !== null) {
      words.add(found.progress);
    }
    return found;
  };

  const files = async (id: string): Promise<FileList> =>
    (await stand.app.inject({ url: `/api/files/${id}` })).json<FileList>();

  const act = async (id: string, action: 'fetch' | 'cancel', path: string): Promise<void> => {
    const payload = { action, paths: [path] };
    const answer = await stand.app.inject({ method: 'POST', url: `/api/files/${id}`, payload });
    expect(answer.statusCode).toBe(200);
  };

  const ended = async (id: string): Promise<Task> => {
    await waitUntil(
      `task ${id} ends`,
      async () => ['completed', 'failed', 'canceled'].includes((await task(id)).phase),
      60_000
    );
    return task(id);
  };

  const below = (place: string): string[] =>
    existsSync(join(root, place)) ? readdirSync(join(root, place)) : [];

  it('goes on where it was when a job is canceled while its data travel', async () => {
    const content = randomBytes(BYTES);
    writeFileSync(join(folder(), 'big.bin'), content);
    const source = 'print(len(open("big.bin", "rb").read()))';
    const begun = proxy.count.toHost;
    proxy.bytesPerSecond = SLOW;
    const { id } = await stand.submit(request(source));
    const part = (): string | undefined => below('incoming').find(name => name.endsWith('.part'));
    const partBytes = (): number => statSync(join(root, 'incoming', part() ?? '')).size;
    await waitUntil('much of it is there', async () => {
      await task(id);
      return part() !== undefined && partBytes() > SOME;
    });
    // It waits for the same file, and goes on at once, while the host may still write what it had been sent.
    const again = await stand.submit(request(source));
    await stand.cancel(id);
    expect(await ended(id)).toMatchObject({ phase: 'canceled', progress: null });
    expect([below('blobs'), below('snapshots'), below('runs')]).toEqual([[], [], []]);

    proxy.bytesPerSecond = Infinity;
    expect(await ended(again.id)).toMatchObject({ phase: 'completed', progress: null });
    expect(below('blobs')).toEqual([sha256(content)]);
    expect(below('incoming')).toEqual([]);
    // What was on the wire when it was given up is the most that may come twice.
    expect(proxy.count.toHost - begun).toBeLessThan(2 * BYTES - SOME + SMALL_BYTES);
    expect([...words].filter(each => /^sending \d/.test(each))).not.toEqual([]);
    expect([...words].filter(each => NO_WORDS.test(each))).toEqual([]);
  });

  it('leaves nothing here when fetching is given up, and brings it all when asked again', async () => {
    const source = [
      'import random',
      `open("model.pt", "wb").write(random.Random(1).randbytes(${BYTES}))`
    ].join('\n');
    const { id } = await stand.submit(request(source));
    expect(await ended(id)).toMatchObject({ phase: 'completed', files: { there: 1 } });
    const begun = proxy.count.fromHost;
    proxy.bytesPerSecond = SLOW;
    await act(id, 'fetch', 'model.pt');
    await waitUntil('some of it is here', async () => {
      await task(id);
      return proxy.count.fromHost - begun > SOME;
    });
    await act(id, 'cancel', 'model.pt');
    await waitUntil('nothing is left of it', () =>
      Promise.resolve(readdirSync(folder()).length === 0)
    );
    expect(await task(id)).toMatchObject({ progress: null, files: { there: 1, home: 0 } });
    expect((await files(id)).files).toMatchObject([
      { path: 'model.pt', state: 'there', reason: 'fetching it was ended' }
    ]);

    proxy.bytesPerSecond = Infinity;
    await act(id, 'fetch', 'model.pt');
    await waitUntil('it is here', async () => (await task(id)).files?.home === 1);
    expect(readdirSync(folder())).toEqual(['model.pt']);
    const work = join(root, 'runs', id, 'attempts/0/work');
    const there = readdirSync(work, { recursive: true }).find(name =>
      String(name).endsWith('model.pt')
    );
    expect(sha256(readFileSync(join(folder(), 'model.pt')))).toBe(
      sha256(readFileSync(join(work, String(there))))
    );
    expect([...words].filter(each => NO_WORDS.test(each))).toEqual([]);
  });
});
