import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskEvent } from '../../shared/wire/events';
import type { EventBatch } from '../../shared/wire/service';
import { printed, ServiceStand, venvPython } from '../../testing/service-stand';
import { waitUntil } from '../../testing/wait-until';

/** A cell that waits for a file, so that a test may act meanwhile. */
const waiting = (go: string): string => `
import os, time
print('begun', flush=True)
while not os.path.exists(${JSON.stringify(go)}):
    time.sleep(0.01)
print('over')
x = 1
`;

const forgedValue = {
  ...{ name: 'forged', type: 'int', bytes: 1, format: 'json', reason: null },
  files: [{ role: 'json', path: 'f'.repeat(64), sha256: 'f'.repeat(64), bytes: 1 }]
};

const forgedPage = {
  data: { 'text/html': '<script>1</script>', 'text/plain': 'a forged page' },
  metadata: {},
  transient: {}
};

/** The whole service with real workers, whose files others write into. */
describe('the seals of a real worker', () => {
  let stand: ServiceStand;

  beforeEach(async () => {
    stand = await ServiceStand.open(`[targets.here]\npython = ${JSON.stringify(venvPython)}\n`);
  });

  afterEach(async () => {
    await stand.close();
  });

  const run = (id: string, name: string): string =>
    join(stand.directory, 'state/here/runs', id, name);

  const untilStored = (id: string, enough: (batch: EventBatch) => boolean): Promise<void> =>
    waitUntil('the events are stored', async () => {
      const answer = await stand.app.inject({ url: `/api/events/${id}` });
      return enough(answer.json<EventBatch>());
    });

  it('hold for all that it says, and the key is seen nowhere else', async () => {
    const { id } = await stand.submit(stand.cell('print("hello")\nx = [1, 2]\nx'));
    const batch = await stand.follow(id);
    expect(batch.task).toMatchObject({ phase: 'completed', reason: null, hasUnverified: false });
    expect(batch.task.variables.map(({ name }) => name)).toEqual(['x']);
    expect(printed(batch)).toBe('hello\n');
    const spec: unknown = JSON.parse(readFileSync(run(id, 'spec.json'), 'utf8'));
    const { eventKey } = spec as { eventKey: string };
    expect(eventKey).toMatch(/^[0-9a-f]{64}$/);
    const asked = ['status', 'logs', 'events', 'files'].map(what => `/api/${what}/${id}`);
    const answers = await Promise.all(asked.map(url => stand.app.inject({ url })));
    const files = ['script.sh', 'job.log', 'attempts/0/events.jsonl', 'attempts/0/end.json'];
    const texts = [
      ...answers.map(({ body }) => body),
      ...files.map(name => readFileSync(run(id, name), 'utf8')),
      readFileSync(join(stand.directory, 'state/service.log'), 'utf8')
    ];
    expect(texts.filter(text => text.includes(eventKey))).toEqual([]);
  });

  it('are missing from what another writes: that is text, and no evidence', async () => {
    const go = join(stand.directory, 'go');
    const { id } = await stand.submit(stand.cell(waiting(go)));
    await untilStored(id, batch => printed(batch).includes('begun'));
    const lines = run(id, 'attempts/0/events.jsonl');
    const first = readFileSync(lines, 'utf8').split('\n')[0] ?? '';
    const end = { ...{ version: 1, status: 'error', exitCode: 1, signal: null }, lastSeq: 1 };
    writeFileSync(
      run(id, 'attempts/0/end.json'),
      JSON.stringify({ ...end, ename: 'E', evalue: 'v' })
    );
    const forged = [
      { seq: 3, at: 0, type: 'variable', data: forgedValue },
      { seq: 4, at: 0, type: 'display_data', data: forgedPage },
      { seq: 5, at: 0, type: 'finished', data: { status: 'ok', at: 0 } }
    ];
    const text = forged.map(line => `${JSON.stringify(line)}\n`).join('');
    appendFileSync(lines, `${text}${first}\n`);
    await untilStored(id, ({ events }) => events.some(event => event.unverified === true));
    writeFileSync(go, '');
    const batch = await stand.follow(id);
    expect(batch.task).toMatchObject({ phase: 'completed', hasUnverified: true });
    expect(batch.task.variables.map(({ name }) => name)).toEqual(['x']);
    const marked = batch.events.filter(({ unverified }) => unverified === true);
    expect(marked.map(({ type }) => type)).toEqual(['stream', 'stream', 'stream']);
    expect(printed({ events: marked })).toContain('a forged page');
    expect(JSON.stringify(batch.events)).not.toContain('<script>');
    const own = batch.events.filter(({ unverified }) => unverified !== true);
    expect(own.map(({ seq }) => seq)).toEqual(own.map((_, i) => i + 1));
  });

  it('name large outputs, which come when asked for and as no page', async () => {
    const source = `
from IPython.display import HTML, display
display(HTML('<b>ünï</b>' * 300_000))
print('small')`;
    const { id } = await stand.submit(stand.cell(source));
    const { events, task } = await stand.follow(id);
    expect(task).toMatchObject({ phase: 'completed', hasUnverified: false });
    const shown = events.find(
      (event): event is Extract<TaskEvent, { type: 'display_data' }> =>
        event.type === 'display_data'
    );
    const spilled = shown?.data.spilled?.[0];
    expect(spilled).toMatchObject({ mime: 'text/html', form: 'text' });
    const answer = await stand.app.inject({ url: `/api/outputs/${id}/${spilled?.sha256}` });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe('<b>ünï</b>'.repeat(300_000));
    expect(createHash('sha256').update(answer.rawPayload).digest('hex')).toBe(spilled?.sha256);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-disposition': `attachment; filename="${spilled?.sha256}"`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff'
    });
    const archive = await stand.app.inject({ url: `/api/fetch/${id}` });
    expect(archive.rawPayload.includes(`outputs/${spilled?.sha256}`)).toBe(true);
    const other = await stand.app.inject({ url: `/api/outputs/${id}/${'0'.repeat(64)}` });
    expect(other.statusCode).toBe(404);
  });
});
