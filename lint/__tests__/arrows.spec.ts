import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { layers } from '../arrows';

type Message = { ruleId: string | null; message: string };
type Case = { path: string; text: string };

const root = resolve(__dirname, '../..');

function lint(cases: Case[]): Message[][] {
  const program = join(__dirname, 'lint-texts.mjs');
  // Where CI is set, the parser would read the files on disk instead of the texts given to it.
  const env = { ...process.env, TSESTREE_SINGLE_RUN: 'false' };
  const options = { cwd: root, input: JSON.stringify(cases), encoding: 'utf8', env } as const;
  const child = spawnSync(process.execPath, [program], { ...options, timeout: 120_000 });
  if (child.status !== 0) {
    throw new Error(`lint-texts.mjs failed: ${child.stderr}`);
  }
  return JSON.parse(child.stdout) as Message[][];
}

// Each stands at an existing path, because type-aware rules need a file that a tsconfig knows.
const wrong: Record<string, Case> = {
  'shared from the service': {
    path: 'src/shared/errors.ts',
    text: "import type { ITransport } from '../service/transports/transport';\nexport type A = ITransport;\n"
  },
  'schedulers from transports, by type only': {
    path: 'src/service/schedulers/scheduler.ts',
    text: "import type { ITransport } from '../transports/transport';\nexport type A = ITransport;\n"
  },
  'transports from schedulers, by dynamic import': {
    path: 'src/service/transports/transport.ts',
    text: "export const load = (): Promise<unknown> => import('../schedulers/scheduler');\n"
  }
};

const right: Record<string, Case> = {
  'a scheduler from shared': {
    path: 'src/service/schedulers/scheduler.ts',
    text: "import type { ErrorCode } from '../../shared/errors';\nexport type A = ErrorCode;\n"
  }
};

const schedulerWithFiles: Case = {
  path: 'src/service/schedulers/scheduler.ts',
  text: "import { readFileSync } from 'node:fs';\nexport const read = (): string => readFileSync('a', 'utf8');\n"
};

describe('the arrows between the parts', () => {
  const cases = [...Object.values(wrong), ...Object.values(right), schedulerWithFiles];
  let messages: Message[][];
  const rulesFor = (wanted: Case): (string | null)[] =>
    (messages[cases.indexOf(wanted)] ?? []).map(({ ruleId }) => ruleId);

  beforeAll(() => {
    messages = lint(cases);
  }, 150_000);

  it.each(Object.entries(wrong))('refuse an import into %s', (_name, wanted) => {
    expect(rulesFor(wanted)).toContain('import-x/no-restricted-paths');
  });

  it.each(Object.entries(right))('allow an import into %s', (_name, wanted) => {
    expect(rulesFor(wanted)).toEqual([]);
  });

  it('refuse files to a scheduler', () => {
    expect(rulesFor(schedulerWithFiles)).toEqual(['no-restricted-imports']);
  });

  it('say which parts may be imported', () => {
    expect(messages[1]?.[0]?.message).toContain('src/service/schedulers may import shared');
  });

  it.each(['src', 'src/service'])('have a row for each folder of %s', folder => {
    const rows = Object.keys(layers).map(row => join('src', row));
    const folders = readdirSync(join(root, folder), { withFileTypes: true })
      .filter(entry => entry.isDirectory() && entry.name !== '__tests__')
      .map(entry => join(folder, entry.name));
    expect(folders.filter(path => !rows.includes(path))).toEqual([]);
  });

  it('name only parts that have a row', () => {
    const named = Object.values(layers).flat();
    expect(named).toContain('shared');
    expect(named.filter(part => !(part in layers))).toEqual([]);
  });
});
