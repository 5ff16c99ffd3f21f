import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runShell } from '../../../testing/run-shell';
import { createProcessScheduler } from '../../schedulers/process-scheduler';
import { pathNotes } from '../path-notes';
import { buildTargetQuestion, parseTargetReply, type TargetQuestion } from '../target-question';

describe('what a target is asked for a plan', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sluice-ask-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const question = (change: Partial<TargetQuestion> = {}): TargetQuestion => ({
    scheduler: createProcessScheduler(),
    jobs: [],
    wanted: { root: join(directory, "the 'root'"), python: process.execPath, setup: [] },
    places: ['worker/1', 'blobs/abc'],
    paths: [],
    ...change
  });
  const ask = async (asked: TargetQuestion) =>
    parseTargetReply(await runShell(buildTargetQuestion(asked)), asked);

  it('tells what is there, and makes nothing', async () => {
    const asked = question();
    const { root } = asked.wanted;
    expect(await ask(asked)).toMatchObject({ present: new Set(), tests: null });
    expect(existsSync(root)).toBe(false);
    mkdirSync(join(root, 'blobs'), { recursive: true });
    writeFileSync(join(root, 'blobs/abc'), '');
    const reply = await ask(asked);
    expect(reply?.present).toEqual(new Set(['blobs/abc']));
    expect(reply?.facts.root).toBe(root);
  });

  it('finds paths whatever their names, and only those', async () => {
    const odd = join(directory, `a 'b' $(touch canary)\nsluice:found 1`);
    writeFileSync(odd, '');
    const paths = [odd, '/nowhere/at all', directory];
    const reply = await ask(question({ paths }));
    expect(reply?.found).toEqual(new Set([odd, directory]));
    expect(existsSync('canary')).toBe(false);
  });

  it('is not answered where the script was cut off', () => {
    const cut = { status: 143, stdout: 'root /r\nsluice:present worker/1\n', stderr: 'Terminated' };
    expect(parseTargetReply(cut, question())).toBeNull();
  });

  it('becomes a note for each path, and says what was not looked for', () => {
    const paths = Array.from({ length: 102 }, (_, index) => `/data/${index}`);
    const notes = pathNotes(paths, new Set(['/data/0']), 'moon');
    expect(notes.slice(0, 2)).toEqual([
      { kind: 'file', name: '/data/0', text: 'found there, on moon' },
      {
        kind: 'file',
        name: '/data/1',
        text: expect.stringContaining('neither here nor on moon') as string
      }
    ]);
    expect(pathNotes(['/far'], new Set(), 'here')[0]?.text).toMatch(/^not on this machine/);
    expect(notes).toHaveLength(101);
    expect(notes.at(-1)?.name).toBe('2 more paths');
  });
});
