import type { TaskEvent, WorkerEvent } from '../../../shared/wire/events';
import { notebookOutputs } from '../notebook-outputs';

const numbered = (events: readonly WorkerEvent[], attempt = 0): TaskEvent[] =>
  events.map((event, i) => ({ task: 'sl-1', index: i + 1, attempt, seq: i + 1, ...event }));

const out = (text: string, name: 'stdout' | 'stderr' = 'stdout'): WorkerEvent => ({
  type: 'stream',
  data: { name, text }
});
const shown = (text: string, display_id?: string): WorkerEvent => ({
  type: 'display_data',
  data: { data: { 'text/plain': text }, metadata: {}, transient: { display_id } }
});
const update = (text: string, display_id: string): WorkerEvent => ({
  type: 'update_display_data',
  data: { data: { 'text/plain': text }, metadata: {}, transient: { display_id } }
});
const clear = (wait: boolean): WorkerEvent => ({ type: 'clear_output', data: { wait } });
const stream = (text: string, name = 'stdout'): object => ({ output_type: 'stream', name, text });
const display = (text: string): object => ({
  output_type: 'display_data',
  data: { 'text/plain': text },
  metadata: {}
});

describe('the outputs of a rehearsal', () => {
  it('join neighbouring text of one stream', () => {
    const events = numbered([out('a'), out('b\n'), out('!', 'stderr'), out('c')]);
    expect(notebookOutputs(events)).toEqual([stream('ab\n'), stream('!', 'stderr'), stream('c')]);
  });

  it('are those that a notebook stores', () => {
    const result = { data: { 'text/plain': '3' }, metadata: {} };
    const error = { ename: 'E', evalue: 'e', traceback: ['t'] };
    const events = numbered([
      { type: 'execute_result', data: result },
      { type: 'error', data: error }
    ]);
    expect(notebookOutputs(events)).toEqual([
      { output_type: 'execute_result', execution_count: null, ...result },
      { output_type: 'error', ...error }
    ]);
  });

  it('change what was shown under an id, and nothing else', () => {
    const events = numbered([shown('1', 'x'), shown('2'), update('3', 'x'), update('4', 'gone')]);
    expect(notebookOutputs(events)).toEqual([display('3'), display('2')]);
  });

  it('clear at once, or with the next output', () => {
    expect(notebookOutputs(numbered([out('a'), clear(false)]))).toEqual([]);
    expect(notebookOutputs(numbered([out('a'), clear(true)]))).toEqual([stream('a')]);
    expect(notebookOutputs(numbered([out('a'), clear(true), out('b')]))).toEqual([stream('b')]);
  });

  it('are those of the last attempt', () => {
    const events = [...numbered([out('lost')]), ...numbered([out('again')], 1)];
    expect(notebookOutputs(events)).toEqual([stream('again')]);
  });

  it('end where an answer would grow too large, and say so', () => {
    const events = numbered(Array.from({ length: 5 }, () => out('x'.repeat(2 ** 19))));
    const [text, ...rest] = notebookOutputs(events);
    expect(String(text?.['text']).length).toBeLessThanOrEqual(2 ** 21);
    expect(rest).toHaveLength(1);
    expect(rest[0]?.['text']).toContain('the log of the rehearsal');
  });
});
