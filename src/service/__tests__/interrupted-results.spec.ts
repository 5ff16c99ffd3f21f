import { printed, ServiceStand, venvPython } from '../../testing/service-stand';
import { waitUntil } from '../../testing/wait-until';
import type { ITransport } from '../transports/transport';

jest.setTimeout(60_000);

/** The way here, on which results do not come while it is shut. */
class ShutWay {
  isShut = true;
  asked = 0;

  over(transport: ITransport): ITransport {
    const stream: ITransport['stream'] = async (script, options) => {
      if (options.action === 'fetch the results') {
        this.asked += 1;
        if (this.isShut) {
          return transport.stream('exec sleep 600', options);
        }
      }
      return transport.stream(script, options);
    };
    return new Proxy(transport, {
      get: (of, name) => {
        const value: unknown = name === 'stream' ? stream : Reflect.get(of, name, of);
        return typeof value === 'function' ? (value.bind(of) as unknown) : value;
      }
    });
  }
}

describe('a service that is closed while results come', () => {
  let stand: ServiceStand;
  const way = new ShutWay();

  beforeEach(async () => {
    const config = `[targets.here]\npython = ${JSON.stringify(venvPython)}\n`;
    stand = await ServiceStand.open(config, {}, (_, usual) => ({
      ...usual,
      transport: (host, sshConfig) => way.over(usual.transport(host, sshConfig))
    }));
  });

  afterEach(async () => {
    await stand.close();
  });

  it('brings them when it is there again', async () => {
    const task = await stand.submit(stand.cell('x = 7\nprint("ran")'));
    await waitUntil('the results are asked for', () => Promise.resolve(way.asked > 0));
    await stand.stop();
    way.isShut = false;
    await stand.restart();
    const end = await stand.follow(task.id);
    expect(end.task.phase).toBe('completed');
    expect(end.task.variables).toMatchObject([{ name: 'x', reason: null }]);
    expect(printed(end)).toBe('ran\n');
  });
});
