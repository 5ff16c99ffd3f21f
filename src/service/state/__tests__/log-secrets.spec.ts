import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '../../../testing/wait-until';
import { openLog } from '../open-log';

describe('the log', () => {
  it('takes no secret, even by mistake', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-secrets-'));
    const path = join(folder, 'service.log');
    const log = openLog(path);
    const secret = 'correct horse battery staple';
    log.info({ eventKey: secret, spec: { eventKey: secret }, prompt: { answers: [secret] } }, 'no');
    log.info({ request: { headers: { authorization: secret, host: 'localhost' } } }, 'either');
    const text = (): string => readFileSync(path, 'utf8');
    await waitUntil('it is written', async () => text().includes('either'));
    expect(text()).toContain('localhost');
    expect(text()).not.toContain(secret);
    rmSync(folder, { recursive: true });
  });
});
