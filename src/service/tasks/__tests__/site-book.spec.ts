import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createLocalTransport } from '../../transports/local-transport';
import { SiteBook } from '../site-book';

const here = { host: null, sshConfig: null };

describe('SiteBook', () => {
  let folder: string;
  let path: string;
  let said: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-site-'));
    path = join(folder, 'site.toml');
    said = [];
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const open = async (): Promise<SiteBook> => {
    const log = pino({}, { write: (line: string) => void said.push(line) });
    const book = new SiteBook(log, path);
    const transport = createLocalTransport({});
    await transport.connect();
    book.attend(here, transport);
    await book.settled(here);
    return book;
  };

  it('knows what the host’s file says once it is connected', async () => {
    writeFileSync(path, 'poll_seconds = 240\n');
    expect((await open()).rules(here).pollSeconds).toBe(240);
    expect(said).toEqual([]);
  });

  it('caps nothing where there is no file', async () => {
    expect((await open()).rules(here).pollSeconds).toBeNull();
    expect(said).toEqual([]);
  });

  it('tells the log of a broken file', async () => {
    writeFileSync(path, 'poll_seconds = 240\nbuild_place = "roof"\n');
    expect((await open()).rules(here).pollSeconds).toBe(240);
    expect(said.join()).toContain('build_place');
  });
});
