import { Agent, request } from 'node:http';

import { BenchError } from '../bench-error.ts';

const ANSWER_TIMEOUT_MS = 90_000;

/** JSON over HTTP over the service's Unix socket, on a kept connection. */
export class UnixClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 4 });

  readonly #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  async get<Answer>(path: string): Promise<Answer> {
    return this.#exchange<Answer>('GET', path);
  }

  async post<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.#exchange<Answer>('POST', path, JSON.stringify(body));
  }

  close(): void {
    this.#agent.destroy();
  }

  #exchange<Answer>(method: string, path: string, body?: string): Promise<Answer> {
    const socketPath = this.#socketPath;
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    return new Promise((resolve, reject) => {
      const options = { socketPath, method, path, headers, signal, agent: this.#agent };
      const asking = request(options, answer => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('error', reject);
        answer.once('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (answer.statusCode === 200) {
            resolve(JSON.parse(text) as Answer);
          } else {
            reject(new BenchError(`${method} ${path}: ${answer.statusCode ?? 0} ${text}`));
          }
        });
      });
      asking.once('error', reject);
      asking.end(body);
    });
  }
}
