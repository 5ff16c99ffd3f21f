import path from 'node:path';
import { expect, test } from '@jupyterlab/galata';
import { JobsPanel } from '../pages/jobs-panel';
import { makeTask } from './make-task';

const LOOKED_AT = path.join(__dirname, '..', '..', 'build', 'pictures', 'long-words');

const HOST = 'login-with-a-long-name.supercomputing.example.org';

const TASKS = [
  makeTask('sending', { progress: 'sending 1,204 of 2,000 files, 1.2 GB of 3.4 GB, 45.3 MB/s' }),
  makeTask('login', {
    reason: {
      code: 'needs-login',
      message: `The host ${HOST} asks for a login: the connection was lost.`,
      hint: 'Press “Log in”, or run `sluice login a-cluster-far-away`, when you want to go on.',
      token: null
    }
  }),
  makeTask('paused', {
    reason: {
      code: 'login-paused',
      message: `The host ${HOST} refused 3 logins; Sluice waits until 10:15:30 before the next one.`,
      hint: `Check that \`ssh ${HOST}\` works in a terminal, then press “Log in”.`,
      token: null
    }
  }),
  makeTask('fetching', {
    phase: 'completed',
    publicPhase: 'completed',
    endedAt: Date.now(),
    progress: 'fetching 11,204 of 200,000 files, 1.2 GB of 3.4 GB, 45.3 MB/s',
    files: { count: 200_000, bytes: 3.4e9, home: 11_204, there: 188_796, pinned: true }
  })
];

for (const width of [320, 240]) {
  test(`long words in a panel of ${width} px stay inside it`, async ({ page }) => {
    await page.route('**/sluice/api/tasks*', route => route.fulfill({ json: { tasks: TASKS } }));
    const panel = new JobsPanel(page);
    await panel.open();
    await page.sidebar.setWidth(width, 'right');
    await expect(panel.region.getByRole('listitem')).toHaveCount(TASKS.length);
    await page.screenshot({ path: path.join(LOOKED_AT, `panel-${width}.png`) });
    const tooWide = await panel.region.evaluate(node =>
      [...node.querySelectorAll<HTMLElement>('*')]
        .filter(one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
        .map(one => one.getAttribute('class'))
    );
    // The title is cut on purpose; its tooltip has the whole of it.
    expect(tooWide.filter(name => name !== 'sluice-JobRow-title')).toEqual([]);
  });
}
