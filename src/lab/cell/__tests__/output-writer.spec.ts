import type { YNotebook } from '@jupyter/ydoc';
import type { NotebookModel } from '@jupyterlab/notebook';
import type { WorkerEvent } from '../../../shared/wire/events';
import { FakeClock } from '../../__tests__/fake-clock';
import { codeCell, makeNotebook, reopen } from '../../__tests__/make-cell';
import { makeEvents, stdout } from '../../__tests__/make-task';
import { texts } from '../../__tests__/make-texts';
import { readRecord } from '../cell-record';
import { markAccepted, markSubmitted } from '../execution-mark';
import { OUTPUT_MIME_TYPE } from '../../outputs/sluice-output';
import type { ShownLimits } from '../output-steps';
import { OutputWriter, WRITE_INTERVAL_MS } from '../output-writer';

const LIMITS: ShownLimits = { characters: 1000, lines: 1000 };

function makeWriter(notebook: NotebookModel, clock = new FakeClock(), limits = LIMITS) {
  const model = codeCell(notebook);
  return new OutputWriter({
    model,
    task: 'task-1',
    clock,
    texts,
    shown: limits,
    executionCount: () => 7
  });
}

/** A notebook whose first cell was handed over, with a writer for it. */
function begin(changes: Partial<ShownLimits> = {}) {
  const notebook = makeNotebook('print(1)', 'local = 1');
  const model = codeCell(notebook);
  const clock = new FakeClock();
  markAccepted(model);
  markSubmitted(model, 'task-1', 'outputs');
  return { notebook, model, clock, writer: makeWriter(notebook, clock, { ...LIMITS, ...changes }) };
}

function write(writer: OutputWriter, events: WorkerEvent[], first = 1): void {
  makeEvents(events, first).forEach(event => writer.push(event));
  writer.flush();
}

/** What the cell shows and what would be saved: they must never differ. */
function outputs(notebook: NotebookModel): unknown {
  const model = codeCell(notebook);
  expect(model.sharedModel.getOutputs()).toEqual(model.outputs.toJSON());
  return model.outputs.toJSON();
}

const text = (name: string, value: string) => ({ output_type: 'stream', name, text: value });
const display = (value: string, id?: string): WorkerEvent => ({
  type: 'display_data',
  data: { data: { 'text/plain': value }, metadata: {}, transient: id ? { display_id: id } : {} }
});
const update = (value: string, id: string): WorkerEvent => ({
  type: 'update_display_data',
  data: { data: { 'text/plain': value }, metadata: {}, transient: { display_id: id } }
});
const shown = (value: string) => ({
  output_type: 'display_data',
  data: { 'text/plain': value },
  metadata: {}
});
const place = (words: string, output: object) => ({
  output_type: 'display_data',
  data: { 'text/plain': words, [OUTPUT_MIME_TYPE]: output },
  metadata: {}
});
const more = (lines: number) =>
  place(`… ${lines} more lines in the log`, { kind: 'more', task: 'task-1', lines });
const clear = (wait: boolean): WorkerEvent => ({ type: 'clear_output', data: { wait } });

describe('OutputWriter', () => {
  it('joins text of one stream over batches and keeps the order of streams', () => {
    const { notebook, writer } = begin();
    write(writer, [stdout('a\n'), stdout('b\n')]);
    write(writer, [stdout('c\n')], 3);
    write(writer, [{ type: 'stream', data: { name: 'stderr', text: 'e\n' } }, stdout('d\n')], 4);
    expect(outputs(notebook)).toEqual([
      text('stdout', 'a\nb\nc\n'),
      text('stderr', 'e\n'),
      text('stdout', 'd\n')
    ]);
  });

  it('shows every kind of output as a local run does', () => {
    const { notebook, writer } = begin();
    write(writer, [
      display('picture'),
      { type: 'error', data: { ename: 'E', evalue: 'v', traceback: ['t'] } },
      { type: 'execute_result', data: { data: { 'text/plain': '3' }, metadata: {} } },
      { type: 'metric', data: { name: 'loss', value: 1, step: null } }
    ]);
    expect(outputs(notebook)).toEqual([
      shown('picture'),
      { output_type: 'error', ename: 'E', evalue: 'v', traceback: ['t'] },
      {
        output_type: 'execute_result',
        execution_count: 7,
        data: { 'text/plain': '3' },
        metadata: {}
      }
    ]);
  });

  it('moves the cursor for carriage returns, also over batches', () => {
    const { notebook, writer } = begin();
    write(writer, [stdout('10%'), stdout('\r20%')]);
    write(writer, [stdout('\r30%\n'), stdout('done\n')], 3);
    expect(outputs(notebook)).toEqual([text('stdout', '30%\ndone\n')]);
  });

  it('updates each display of an id in its place, also after the file was opened anew', () => {
    const { notebook, writer } = begin();
    write(writer, [display('one', 'x'), stdout('between\n'), display('two', 'x')]);
    const later = reopen(notebook);
    write(makeWriter(later), [update('three', 'x'), update('four', 'x')], 4);
    expect(outputs(later)).toEqual([shown('four'), text('stdout', 'between\n'), shown('four')]);
  });

  it('clears at once, or with the next output, also after the file was opened anew', () => {
    const { notebook, writer } = begin();
    write(writer, [stdout('a\n'), clear(false), stdout('b\n'), clear(true)]);
    expect(outputs(notebook)).toEqual([text('stdout', 'b\n')]);
    const later = reopen(notebook);
    write(makeWriter(later), [stdout('c\n')], 5);
    expect(outputs(later)).toEqual([text('stdout', 'c\n')]);
  });

  it('starts anew when the job was requeued', () => {
    const { notebook, writer } = begin();
    write(writer, [stdout('lost attempt\n')]);
    writer.push({ task: 'task-1', index: 2, attempt: 1, seq: 1, ...stdout('second\n') });
    writer.flush();
    expect(outputs(notebook)).toEqual([text('stdout', 'second\n')]);
  });

  it('writes at most ten times a second, the first time at once', () => {
    const { notebook, model, clock, writer } = begin();
    let writes = 0;
    model.outputs.changed.connect(() => (writes += 1));
    writer.push(makeEvents([stdout('1\n')], 1)[0]!);
    clock.advance(0);
    expect(writes).toBe(1);
    for (let index = 2; index <= 50; index += 1) {
      writer.push(makeEvents([stdout(`${index}\n`)], index)[0]!);
    }
    expect(writes).toBe(1);
    clock.advance(WRITE_INTERVAL_MS);
    const lines = Array.from({ length: 50 }, (_, index) => `${index + 1}\n`).join('');
    expect(outputs(notebook)).toEqual([text('stdout', lines)]);
    expect(writer.index).toBe(50);
  });

  it('notes with the outputs up to which event they are', () => {
    const { notebook, model, writer } = begin();
    makeEvents([stdout('1\n'), stdout('2\n')]).forEach(event => writer.push(event));
    expect([writer.index, readRecord(model)?.index]).toEqual([2, 0]);
    const seen: unknown[] = [];
    const look = (): void => {
      seen.push([readRecord(model)?.index, model.sharedModel.getOutputs().length]);
    };
    const { ydoc } = notebook.sharedModel as unknown as Pick<YNotebook, 'ydoc'>;
    ydoc.on('afterTransaction', look);
    writer.flush();
    // No transaction ends with the one but without the other.
    expect(seen).not.toContainEqual([2, 0]);
    expect(seen).not.toContainEqual([0, 1]);
    expect(readRecord(model)).toEqual({ task: 'task-1', index: 2 });
  });

  it('takes no event twice, whatever is replayed', () => {
    const { notebook, writer } = begin();
    const all = [stdout('1\n'), stdout('2\n'), stdout('3\n')];
    write(writer, all.slice(0, 2));
    const later = reopen(notebook);
    const again = makeWriter(later);
    expect(again.index).toBe(2);
    write(again, all);
    write(again, all);
    expect(outputs(later)).toEqual([text('stdout', '1\n2\n3\n')]);
  });

  it('leaves what it wrote alone when a person undoes typing', () => {
    const { notebook, model, writer } = begin();
    write(writer, [stdout('before\n')]);
    model.sharedModel.updateSource(0, 0, '# typed\n');
    write(writer, [stdout('after\n'), display('picture')], 2);
    expect(model.sharedModel.undo()).toBe(true);
    expect(model.sharedModel.getSource()).toBe('print(1)');
    model.sharedModel.redo();
    expect(outputs(notebook)).toEqual([text('stdout', 'before\nafter\n'), shown('picture')]);
  });

  it('does not double outputs when undo is document-wide either', () => {
    const wide = reopen(makeNotebook('x'), false);
    const model = codeCell(wide);
    markAccepted(model);
    markSubmitted(model, 'task-1', 'outputs');
    const writer = makeWriter(wide);
    write(writer, [stdout('1\n'), display('picture')]);
    expect(outputs(wide)).toEqual([text('stdout', '1\n'), shown('picture')]);
  });

  it('forgets where displays were when a person clears the cell', () => {
    const { notebook, model, writer } = begin();
    write(writer, [display('one', 'x')]);
    model.outputs.clear();
    write(writer, [stdout('later\n'), update('two', 'x')], 2);
    expect(outputs(notebook)).toEqual([text('stdout', 'later\n')]);
  });

  it('shows whole lines up to the limit and counts the rest, pictures still come', () => {
    const { notebook, writer } = begin({ characters: 25 });
    write(writer, [stdout('line 1\nline 2\n')]);
    write(writer, [stdout('line 3\nline 4\nline 5\n'), display('picture')], 2);
    const later = reopen(notebook);
    write(
      makeWriter(later, new FakeClock(), { ...LIMITS, characters: 25 }),
      [stdout('line 6\n')],
      4
    );
    expect(outputs(later)).toEqual([
      text('stdout', 'line 1\nline 2\nline 3\n'),
      shown('picture'),
      more(3)
    ]);
    expect(readRecord(codeCell(later))?.hidden).toEqual({ output: 2, lines: 3 });
  });

  it('counts 100,000 lines exactly', () => {
    const { notebook, model, writer } = begin({ characters: 200_000, lines: 1_000_000 });
    const total = 100_000;
    const all = Array.from({ length: total }, (_, index) => `line ${index}\n`).join('');
    // As workers send it: in pieces that end anywhere.
    const pieces = all.match(/[^]{1,8191}/g)!;
    pieces.forEach((piece, index) => write(writer, [stdout(piece)], index + 1));
    const [stream] = outputs(notebook) as [{ text: string }];
    const visible = stream.text.split('\n').length - 1;
    expect(stream.text.length).toBeLessThanOrEqual(200_000);
    expect(visible + (readRecord(model)?.hidden?.lines ?? 0)).toBe(total);
  });

  it('shows so many lines and no more, whether they come at once or one by one', () => {
    const lines = ['1\n', '2\n', '3\n', '4\n'];
    for (const parts of [lines, [lines.join('')]]) {
      const { notebook, writer } = begin({ lines: 2 });
      write(writer, parts.map(stdout));
      expect(outputs(notebook)).toEqual([text('stdout', '1\n2\n'), more(2)]);
    }
  });

  it('keeps a place for what was too large to travel, which says where it is', () => {
    const { notebook, writer } = begin();
    const part = { mime: 'text/html', sha256: 'a'.repeat(64), bytes: 5_000_000, form: 'text' };
    const bundle = { data: { 'text/plain': 'a table' }, metadata: {}, spilled: [part] };
    const event = {
      type: 'display_data',
      data: { ...bundle, transient: { display_id: 'x' } }
    } as WorkerEvent;
    write(writer, [event, { type: 'execute_result', data: bundle } as WorkerEvent]);
    const data = {
      'text/plain': 'a table',
      [OUTPUT_MIME_TYPE]: { kind: 'spilled', task: 'task-1', parts: [part] }
    };
    expect(outputs(notebook)).toMatchObject([
      { output_type: 'display_data', data },
      { output_type: 'execute_result', data }
    ]);
    write(writer, [update('a small one', 'x')], 3);
    expect((outputs(notebook) as object[])[0]).toEqual(shown('a small one'));
  });

  it('says once that text stays there, and how much at the end', () => {
    const { notebook, writer } = begin();
    const overflow = (bytes: number | null): WorkerEvent => ({
      type: 'overflow',
      data: { path: 'overflow.log', bytes }
    });
    write(writer, [stdout('1\n'), overflow(null), stdout('2\n')]);
    write(writer, [overflow(500)], 4);
    expect(outputs(notebook)).toEqual([
      text('stdout', '1\n'),
      place('… 500 bytes stayed there', { kind: 'overflow', task: 'task-1', bytes: 500 }),
      text('stdout', '2\n')
    ]);
  });

  it('shows what bears no seal as text, apart from the rest, and trusts the cell no more', () => {
    const { notebook, model, writer } = begin();
    const html = { 'text/html': '<script>x</script>', 'application/javascript': 'x' };
    const forged: WorkerEvent[] = [
      { type: 'clear_output', data: { wait: false } },
      stdout('\x1b[2Jforged\n'),
      { type: 'execute_result', data: { data: html, metadata: {} } },
      {
        type: 'display_data',
        data: { data: { ...html, 'text/plain': 'plot' }, metadata: {}, transient: {} }
      },
      { type: 'error', data: { ename: 'E', evalue: 'v', traceback: ['\x1b[31mline\x1b[0m'] } },
      update('forged', 'x')
    ];
    write(writer, [stdout('true\n'), display('picture', 'x')]);
    expect(model.trusted).toBe(true);
    makeEvents(forged, 3).forEach(event => writer.push({ ...event, unverified: true }));
    writer.flush();
    const said = 'forged\n[text/html, application/javascript]\nplot\nline\nforged\n';
    expect(outputs(notebook)).toEqual([
      text('stdout', 'true\n'),
      shown('picture'),
      place(`no seal:\n${said}`, { kind: 'unsealed', text: said })
    ]);
    expect([model.trusted, model.sharedModel.getMetadata('trusted'), writer.hasError]).toEqual([
      false,
      false,
      false
    ]);
    makeEvents([stdout('more\n')], 9).forEach(event => writer.push({ ...event, unverified: true }));
    write(writer, [stdout('true too\n')], 10);
    expect((outputs(notebook) as object[]).slice(2)).toEqual([
      place(`no seal:\n${said}more\n`, { kind: 'unsealed', text: `${said}more\n` }),
      text('stdout', 'true too\n')
    ]);
  });

  it('a flood of text without a seal is cut', () => {
    const { notebook, writer } = begin({ characters: 10 });
    makeEvents([stdout('0123456789abcdef'), stdout('gh')]).forEach(event =>
      writer.push({ ...event, unverified: true })
    );
    writer.flush();
    expect(outputs(notebook)).toMatchObject([
      { data: { 'text/plain': 'no seal:\n0123456789\n…' } }
    ]);
  });

  it('marks the end together with the words of a failure', () => {
    const { notebook, model, writer } = begin();
    writer.push(makeEvents([stdout('1\n')])[0]!);
    writer.end(['Slurm refused the job: no such partition', 'Change the partition.']);
    expect(outputs(notebook)).toEqual([
      text('stdout', '1\n'),
      {
        output_type: 'error',
        ename: 'SluiceError',
        evalue: 'Slurm refused the job: no such partition',
        traceback: ['Slurm refused the job: no such partition', 'Change the partition.']
      }
    ]);
    expect(readRecord(model)).toEqual({ task: 'task-1', index: 1, ended: true });
  });
});

describe('the marks of a run', () => {
  it('trusts outputs as the target is trusted', () => {
    const { model } = begin();
    expect(model.trusted).toBe(true);
    markSubmitted(model, 'task-1', 'none');
    expect(model.trusted).toBe(false);
    expect(model.sharedModel.getMetadata('trusted')).toBe(false);
    expect(model.outputs.trusted).toBe(false);
  });

  it('keeps what a person put beside the record', () => {
    const notebook = makeNotebook('x');
    const model = codeCell(notebook);
    model.sharedModel.setMetadata('sluice', { target: 'curnagl' });
    markAccepted(model);
    markSubmitted(model, 'task-1', 'outputs');
    expect(model.sharedModel.getMetadata('sluice')).toEqual({
      target: 'curnagl',
      task: 'task-1',
      index: 0
    });
  });
});
