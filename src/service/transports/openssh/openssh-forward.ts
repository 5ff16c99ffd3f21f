import { Duplex } from 'node:stream';
import { endClient, type OpensshClient } from './openssh-channel';

/** A TCP connection through a client of OpenSSH; as a socket does, it ends when the other side has. */
export class OpensshForward extends Duplex {
  constructor(private readonly client: OpensshClient) {
    super({ allowHalfOpen: false });
    client.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) {
        client.stdout.pause();
      }
    });
    client.stdout.once('end', () => this.push(null));
    client.once('close', () => this.destroy());
  }

  override _read(): void {
    this.client.stdout.resume();
  }

  override _write(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void
  ): void {
    this.client.stdin.write(chunk, error => done(error));
  }

  override _final(done: () => void): void {
    this.client.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    endClient(this.client);
    done(error);
  }
}
