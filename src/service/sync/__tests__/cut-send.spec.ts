import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest, ManifestEntry } from '../../../capture/manifest';
import { type LoopbackSshd, startSshd } from '../../../testing/loopback-sshd';
import { stallingProxy, type StallingProxy } from '../../../testing/stalling-proxy';
import { createSsh2Transport } from '../../transports/ssh2/ssh2-transport';
import type { ITransport } from '../../transports/transport';
import { buildBlobParcel } from '../blob-parcels';
import { Sender } from '../sender';
import { sha256 } from '../sha256';
import type { Parcel } from '../shipment';
import { buildSnapshotParcel } from '../snapshot-parcel';

const CUTS = process.env['SLUICE_TEST_ALL'] === '1' ? 110 : 12;
const TRIES = 4;
const VALUE_BYTES = 9 * 2 ** 20;

jest.setTimeout(CUTS * 20_000);

/** The same numbers in each run, so that a failure can be looked at again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

function noise(bytes: number, random: () => number): Buffer {
  return Buffer.from(Array.from({ length: bytes }, () => Math.floor(random() * 256)));
}

describe('a connection that is cut while files are sent', () => {
  let directory: string;
  let sshd: LoopbackSshd;
  let proxy: StallingProxy;
  let transport: ITransport;
  const random = seeded(5);

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'sluice-cut-'));
    mkdirSync(join(directory, 'here'));
    sshd = await startSshd();
    proxy = await stallingProxy(sshd.port);
    await sshd.writeKnownHosts([`[127.0.0.1]:${proxy.port} ${await sshd.hostKey('ed25519')}`]);
    const host = `loopback:${proxy.port}`;
    transport = createSsh2Transport({ target: 'test', host, sshConfig: sshd.configPath });
  });

  afterAll(async () => {
    await transport.close();
    await proxy.close();
    await sshd.stop();
    rmSync(directory, { recursive: true });
  });

  function onDisk(bytes: Buffer): { path: string; bytes: number; sha256: string } {
    const hash = sha256(bytes);
    const path = join(directory, 'here', hash);
    writeFileSync(path, bytes);
    return { path, bytes: bytes.length, sha256: hash };
  }

  function snapshot(contents: readonly Buffer[]): Parcel {
    const entries = contents.map((content, index): ManifestEntry => {
      const { path: absolute, ...facts } = onDisk(content);
      const place = `modules/0/p ${String(index).padStart(4, '0')}/it's $HOME\n.py`;
      return { place, ...facts, executable: false, why: '', absolute };
    });
    const lines = entries.map(e => JSON.stringify([e.place, e.sha256, e.bytes, e.executable]));
    const text = lines.map(line => `${line}\n`).join('');
    return buildSnapshotParcel({ entries, text, hash: sha256(text) } as Manifest) as Parcel;
  }

  function tree(root: string): Record<string, string> {
    const files = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter(each => each.isFile())
      .map(each => join(each.parentPath, each.name))
      .filter(path => !path.startsWith(join(root, 'incoming')));
    return Object.fromEntries(
      files
        .sort()
        .map((path): [string, string] => [path.slice(root.length), sha256(readFileSync(path))])
    );
  }

  const send = (sender: Sender, root: string, parcels: Parcel[], nonce: string): Promise<unknown> =>
    sender.send({
      transport,
      root,
      parcels,
      nonce,
      target: 'test',
      signal: new AbortController().signal,
      progress: () => undefined
    });

  /** Each place that is there is there whole. */
  function expectNothingHalf(root: string, wanted: Record<string, string>): void {
    const found = existsSync(root) ? tree(root) : {};
    const isIn = (place: string) => (path: string) => path.startsWith(place);
    for (const kind of ['snapshots', 'blobs']) {
      const folder = join(root, kind);
      for (const name of existsSync(folder) ? readdirSync(folder) : []) {
        const place = `/${kind}/${name}`;
        const pick = (from: Record<string, string>): string[] =>
          Object.entries(from)
            .filter(([path]) => isIn(place)(path))
            .flat();
        expect(pick(found)).toEqual(pick(wanted));
      }
    }
  }

  it(`leaves nothing half, and the same trees after a retry, at ${CUTS} points`, async () => {
    const old = Array.from({ length: 60 }, () => noise(Math.floor(random() * 3000), random));
    const base = snapshot(old);
    const next = snapshot(old.map((each, index) => (index % 2 === 0 ? noise(2000, random) : each)));
    const facts = onDisk(noise(VALUE_BYTES, random));
    const parcels = [next, buildBlobParcel(facts.path, facts)];
    const rootOf = (name: string): string => join(directory, 'host', name);

    const prepare = async (name: string): Promise<Sender> => {
      const sender = new Sender({ tag: 'tag', nowMs: () => 0 });
      await send(sender, rootOf(name), [base], `${name}base`);
      return sender;
    };
    const whole = await prepare('whole');
    const before = proxy.count.toHost;
    await send(whole, rootOf('whole'), parcels, 'whole');
    const total = proxy.count.toHost - before;
    const wanted = tree(rootOf('whole'));

    const connections = proxy.connections;
    for (let cut = 0; cut < CUTS; cut += 1) {
      const name = `cut${cut}`;
      const sender = await prepare(name);
      // Half of them where the small things are, at the beginning and at the end.
      const spot = random();
      const at = [spot * total, spot * 20_000, total - spot * 150_000][cut % 3] ?? 0;
      proxy.cutAfter({ toHost: Math.max(1, Math.floor(at)) });
      let isSent = false;
      for (let attempt = 1; attempt <= TRIES && !isSent; attempt += 1) {
        isSent = await send(sender, rootOf(name), parcels, `${name}try${attempt}`).then(
          () => true,
          (error: unknown) => {
            expect(error).toMatchObject({ code: 'connection-lost' });
            return false;
          }
        );
        expectNothingHalf(rootOf(name), wanted);
      }
      expect(isSent).toBe(true);
      expect(tree(rootOf(name))).toEqual(wanted);
      rmSync(rootOf(name), { recursive: true });
    }
    // Each cut was one: it took another connection to go on.
    expect(proxy.connections - connections).toBeGreaterThan(CUTS / 2);
    expect(readdirSync(directory).sort()).toEqual(['here', 'host']);
    expect(readdirSync(join(directory, 'host'))).toEqual(['whole']);
  });
});
