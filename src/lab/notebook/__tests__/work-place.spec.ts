import { PageConfig } from '@jupyterlab/coreutils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import { FakeClock } from '../../__tests__/fake-clock';
import { knownPythonVersion } from '../../kernel/known-python-version';
import { projectFolder } from '../project-folder';
import { workPlaceOf } from '../work-place';

type Info = Awaited<Parameters<typeof knownPythonVersion>[0] & object>['info'];

/** A kernel that says this of its language, or nothing. */
function kernelOf(language: { name: string; version: string } | null): { info: Info } {
  const said = { language_info: language } as unknown as Awaited<Info>;
  return { info: language === null ? new Promise(() => undefined) : Promise.resolve(said) };
}

/** Notebooks of which this one is in front. */
function trackerOf(localPath: string, version: string): INotebookTracker {
  const kernel = kernelOf({ name: 'python', version });
  const sessionContext = { session: { kernel } };
  return {
    currentWidget: { context: { localPath }, sessionContext }
  } as unknown as INotebookTracker;
}

test.each([
  ['work/deep/a.ipynb', '/home/me', '/home/me/work/deep'],
  ['a.ipynb', '/home/me', '/home/me'],
  ['a.ipynb', '/home/me/', '/home/me'],
  ['a.ipynb', '/', '/'],
  ['work/a.ipynb', '/', '/work'],
  ['a.ipynb', '', null],
  [null, '/home/me', null]
])('%s below %s lies in %s', (path, root, folder) => {
  expect(projectFolder(path, root)).toBe(folder);
});

test('a notebook that is named comes before the one in front', async () => {
  PageConfig.setOption('sluiceShownFolder', '/home/me');
  const place = workPlaceOf(trackerOf('front/a.ipynb', '3.12.1'), new FakeClock());
  expect([place.projectDir(), place.projectDir('named/b.ipynb')]).toEqual([
    '/home/me/front',
    '/home/me/named'
  ]);
  await expect(place.pythonVersion()).resolves.toBe('3.12.1');
});

test('a page without notebooks is nowhere', async () => {
  const place = workPlaceOf(null, new FakeClock());
  expect(place.projectDir()).toBeNull();
  await expect(place.pythonVersion()).resolves.toBeNull();
});

test('only a Python has a version of Python', async () => {
  const kernel = kernelOf({ name: 'R', version: '4.4.1' });
  await expect(knownPythonVersion(kernel, new FakeClock())).resolves.toBeNull();
});

test('a kernel that does not say who it is holds nobody up', async () => {
  const clock = new FakeClock();
  const version = knownPythonVersion(kernelOf(null), clock);
  clock.advance(500);
  await expect(version).resolves.toBeNull();
});
