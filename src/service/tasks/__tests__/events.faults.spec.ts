import { EventsTrial, type Interruption, INTERRUPTIONS } from '../../../testing/events-trial';
import { recordTrials, trialCount } from '../../../testing/record-trials';
import { SeededRandom } from '../../../testing/seeded-random';
import { Ssh2Trial } from '../../../testing/ssh2-trial';
import { createLocalTransport } from '../../transports/local-transport';
import type { ITransport } from '../../transports/transport';

const SEED = Number(process.env['SLUICE_SEED'] ?? 6);
const A_FILE = 20;

/** The real script of the follower, whose stream is interrupted at any byte. */
describe('events of a worker on an unsteady link', () => {
  const ssh = new Ssh2Trial();

  afterAll(() => ssh.end());

  const transports: Record<string, () => Promise<ITransport>> = {
    'a shell': () => Promise.resolve(createLocalTransport()),
    sshd: async () => {
      const sshd = await ssh.sshd();
      return ssh.transportTo(sshd.configPath);
    }
  };

  it.each([
    ['a shell', trialCount(16, 700)],
    ['sshd', trialCount(8, 300)]
  ])(
    'are stored as it wrote them, over %s',
    async (way, trials) => {
      const transport = await transports[way]?.();
      if (transport === undefined) {
        throw new Error(`no transport for ${way}`);
      }
      const counts = new Map<Interruption, number>();
      for (let done = 0; done < trials; done += A_FILE) {
        const seed = SEED * 10_000 + done;
        const random = new SeededRandom(seed);
        const trial = new EventsTrial(transport, random);
        const kinds: Interruption[] = [];
        for (let i = done; i < Math.min(done + A_FILE, trials); i += 1) {
          const kind =
            i % A_FILE < 4 ? (INTERRUPTIONS[i % 4] ?? 'cut') : random.pick(INTERRUPTIONS);
          kinds.push(kind);
          counts.set(kind, (counts.get(kind) ?? 0) + 1);
          await trial.interrupt(kind);
        }
        await trial.settle();
        const differences = trial.differences().slice(0, 5);
        expect({ seed, kinds, differences }).toEqual({ seed, kinds, differences: [] });
        expect(trial.lineCount).toBeGreaterThan(0);
        trial.close();
      }
      await transport.close();
      for (const [kind, count] of counts) {
        recordTrials({
          suite: 'events',
          point: `${kind}, over ${way}`,
          trials: count,
          counts: { lost: 0, doubled: 0, changed: 0 }
        });
      }
    },
    20 * 60_000
  );
});
