import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { ServiceFrame } from '../../shared/wire/frames';
import { FrameConnection, pauseMs } from '../frame-connection';
import { FakeSocket, FakeTimers } from './fake-socket';

describe('a connection for frames', () => {
  let sockets: FakeSocket[];
  let timers: FakeTimers;
  let connection: FrameConnection;
  let changes: boolean[];

  beforeEach(() => {
    sockets = [];
    timers = new FakeTimers();
    changes = [];
    connection = new FrameConnection({
      connect: () => {
        const socket = new FakeSocket();
        sockets.push(socket);
        return socket;
      },
      setTimer: timers.setTimer,
      random: () => 1
    });
    connection.changes.add(isConnected => changes.push(isConnected));
  });

  const lease: ServiceFrame = { frame: 'lease', task: 'a', held: true };

  it('sends only while it is connected', () => {
    connection.start();
    connection.start();
    expect(sockets).toHaveLength(1);
    expect(connection.send({ frame: 'lease', task: 'a' })).toBe(false);
    sockets[0]!.emit('open');
    expect(connection.send({ frame: 'lease', task: 'b' })).toBe(true);
    expect(sockets[0]!.sent).toEqual([{ frame: 'lease', task: 'b' }]);
    expect([connection.isConnected, changes]).toEqual([true, [true]]);
  });

  it('comes back after a loss, later each time, sooner again once frames came', () => {
    connection.start();
    for (const wait of [250, 500, 1000]) {
      sockets.at(-1)!.emit('close');
      expect(timers.waits).toEqual([wait]);
      timers.fire();
    }
    sockets.at(-1)!.emit('open');
    sockets.at(-1)!.deliver(lease);
    sockets.at(-1)!.emit('close');
    expect(timers.waits).toEqual([250]);
    expect(changes).toEqual([true, false]);
  });

  it('never waits longer than half a minute, and not as long as everyone else', () => {
    expect([pauseMs(0, 0), pauseMs(0, 0.5), pauseMs(40, 0), pauseMs(40, 1)]).toEqual([
      125, 187.5, 15_000, 30_000
    ]);
  });

  it('takes what cannot be read for a loss', () => {
    connection.start();
    sockets[0]!.emit('open');
    sockets[0]!.emit('message', { data: '{"frame"' });
    expect([sockets[0]!.isClosed, connection.isConnected]).toEqual([true, false]);
    expect(timers.waits).toHaveLength(1);
  });

  it('does not listen to a socket that was given up', () => {
    const frames: ServiceFrame[] = [];
    connection.frames.add(frame => frames.push(frame));
    connection.start();
    sockets[0]!.emit('open');
    sockets[0]!.emit('close');
    timers.fire();
    sockets[0]!.deliver(lease);
    sockets[0]!.emit('close');
    expect([frames, sockets.length, timers.waits]).toEqual([[], 2, []]);
  });

  it('tries again where not even a socket can be made', () => {
    let isBroken = true;
    const broken = new FrameConnection({
      connect: () => {
        if (isBroken) {
          throw new Error('no network');
        }
        return new FakeSocket();
      },
      setTimer: timers.setTimer,
      random: () => 1
    });
    broken.start();
    isBroken = false;
    timers.fire();
    expect(timers.waits).toEqual([]);
  });

  it('ends for good', () => {
    connection.start();
    sockets[0]!.emit('open');
    connection.close();
    connection.close();
    connection.start();
    sockets[0]!.emit('close');
    expect([sockets.length, timers.waits, changes]).toEqual([1, [], [true, false]]);
  });
});

describe('a connection over a real WebSocket', () => {
  let http: Server;
  let server: WebSocketServer;
  let connection: FrameConnection;
  afterEach(async () => {
    connection.close();
    server.clients.forEach(client => {
      client.terminate();
    });
    await new Promise(resolve => http.close(resolve));
  });

  it('carries frames both ways, and comes back when the server cuts it', async () => {
    http = createServer();
    server = new WebSocketServer({ server: http });
    await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
    const { port } = http.address() as AddressInfo;
    connection = new FrameConnection({
      connect: () => new WebSocket(`ws://127.0.0.1:${port}/api/events`),
      setTimer: call => {
        const timer = setTimeout(call, 1);
        return () => {
          clearTimeout(timer);
        };
      },
      random: Math.random
    });
    const nextClient = (): Promise<WebSocket> =>
      new Promise(resolve => server.once('connection', resolve));
    const isConnected = (): Promise<boolean> =>
      new Promise(resolve => {
        const stop = connection.changes.add(is => {
          stop();
          resolve(is);
        });
      });
    const first = nextClient();
    const opened = isConnected();
    connection.start();
    const client = await first;
    expect(await opened).toBe(true);
    const heard = new Promise<string>(resolve =>
      client.once('message', (data: Buffer) => {
        resolve(data.toString());
      })
    );
    connection.send({ frame: 'subscribe', task: 'x', after: 2 });
    expect(JSON.parse(await heard)).toEqual({ frame: 'subscribe', task: 'x', after: 2 });

    const received = new Promise<ServiceFrame>(resolve => {
      connection.frames.add(resolve);
    });
    client.send(JSON.stringify({ frame: 'lease', task: 'é', held: true }));
    expect(await received).toEqual({ frame: 'lease', task: 'é', held: true });

    const second = nextClient();
    client.terminate();
    expect((await second).readyState).toBe(WebSocket.OPEN);
  });
});
