import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SluiceError } from '../../shared/errors';
import type { Task } from '../../shared/wire/task';
import { printed, ServiceStand, venvPython } from '../../testing/service-stand';
import { waitUntil } from '../../testing/wait-until';
import type { IRemoteStream, ITransport } from '../transports/transport';

jest.setTimeout(60_000);

/** A real transport to this machine, whose link can be taken away. */
class CutLink {
  private isDown = false;
  private readonly streams: IRemoteStream[] = [];

  over(transport: ITransport): ITransport {
    const stream: ITransport['stream'] = async (...args) => {
      if (this.isDown) {
        const problem = 'it does not answer';
        throw new SluiceError('host-unreachable', { target: 'far', host: 'far', problem });
      }
      const opened = await transport.stream(...args);
      this.streams.push(opened);
      return opened;
    };
    return new Proxy(transport, {
      get: (of, name) => {
        const value: unknown = name === 'stream' ? stream : Reflect.get(of, name, of);
        return typeof value === 'function' ? (value.bind(of) as unknown) : value;
      }
    });
  }

  cut(): void {
    this.isDown = true;
    this.streams.splice(0).forEach(stream => {
      stream.close();
    });
  }

  mend(): void {
    this.isDown = false;
  }
}

it('a job says that its host is out of touch, as long as that is so', async () => {
  const link = new CutLink();
  const root = mkdtempSync(join(tmpdir(), 'sl-far-'));
  const config = `[targets.far]\nhost = "far"\nscheduler = "process"\nroot = ${JSON.stringify(root)}\npython = ${JSON.stringify(venvPython)}\n`;
  const stand = await ServiceStand.open(config, {}, (_logins, usual) => ({
    ...usual,
    transport: (name, sshConfig) =>
      name === null ? usual.transport(name, sshConfig) : link.over(usual.transport(null, sshConfig))
  }));
  try {
    const task = async (id: string): Promise<Task> =>
      (await stand.app.inject({ url: `/api/status/${id}` })).json<Task>();
    const says = (id: string, code: string | null): Promise<void> =>
      waitUntil(`it says ${code}`, async () => ((await task(id)).reason?.code ?? null) === code);

    const flag = join(stand.directory, 'go-on');
    const source = `import os, time\nprint("begun", flush=True)\nwhile not os.path.exists(${JSON.stringify(flag)}): time.sleep(0.02)\nprint("ended")`;
    const { id } = await stand.submit(stand.cell(source, { target: 'far' }));
    await stand.follow(id, batch => printed(batch) === 'begun\n');
    link.cut();
    await says(id, 'connection-lost');
    const { phase, reason } = await task(id);
    expect([phase, reason?.hint]).toEqual([
      'running',
      'Nothing is lost: jobs go on, and Sluice connects again.'
    ]);

    link.mend();
    await says(id, null);
    writeFileSync(flag, '');
    const end = await stand.follow(id);
    expect([end.task.phase, printed(end)]).toEqual(['completed', 'begun\nended\n']);
  } finally {
    await stand.close();
    rmSync(root, { recursive: true, force: true });
  }
});
