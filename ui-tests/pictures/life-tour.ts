import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import { makeNotebook, type NotebookContent } from '../notebooks';
import { JobsPanel } from '../pages/jobs-panel';
import type { NotebookPage } from '../pages/notebook-page';
import { makeTask } from './make-task';

const LOOKED_AT = path.join(__dirname, '..', '..', 'build', 'pictures', 'life');
const OUTPUT = 'application/vnd.sluice.output+json';
const NOW = Date.now();

const reason = (
  code: string,
  message: string,
  hint: string | null,
  token: string | null
): object => ({
  code,
  message,
  hint,
  token
});
const usage = {
  elapsedSeconds: 7_265,
  cpuSeconds: 9_000,
  peakBytes: 960_000_000,
  cpus: 8,
  memoryBytes: 8_000_000_000
};
const kept = {
  type: 'torch.Tensor',
  format: 'npy',
  files: [],
  reason: 'larger than what comes by itself'
};
const ended = {
  publicPhase: 'failed',
  endedAt: NOW,
  startedAt: NOW - 60_000,
  jobId: '4711',
  lastIndex: 9
};

/** The states of a task's life, by the source of the cell that shows each. */
const STATES: Readonly<Record<string, object>> = {
  'simulate(steps=10_000)': {
    phase: 'unknown',
    uncertain: true,
    nextCheckAt: NOW + 95_000,
    choices: ['look', 'give-up', 'run-again'],
    reason: reason(
      'unknown',
      'It is not known whether it was submitted: sbatch was started at 11:20:05, and its answer was lost; no job of that name is in the queue or in accounting.',
      'Sluice goes on looking. Nothing is submitted a second time by itself.',
      null
    )
  },
  'fit(model, data)': {
    phase: 'queued',
    jobId: '4712',
    queuedAt: NOW - 60_000,
    estimatedStart: new Date(NOW + 7_800_000).toISOString(),
    reason: reason(
      'resources',
      'Waiting for free nodes.',
      'A smaller or shorter job may start sooner.',
      'Resources'
    )
  },
  'hold_me()': {
    phase: 'queued',
    jobId: '4713',
    reason: reason(
      'held',
      'You hold this job.',
      'Release it with `scontrol release 4713`.',
      'JobHeldUser'
    )
  },
  'again()': {
    phase: 'queued',
    jobId: '4714',
    attempt: 1,
    reason: reason(
      'begin-time',
      'Waiting for its begin time (after a requeue: two minutes).',
      null,
      'BeginTime'
    ),
    formerAttempts: [
      {
        attempt: 0,
        node: 'node2',
        startedAt: NOW - 800_000,
        endedAt: NOW - 60_000,
        reason: reason('preempted', 'A job of higher priority took its place.', null, 'PREEMPTED'),
        usage: null
      }
    ]
  },
  'for epoch in range(200): train()': {
    ...ended,
    phase: 'timed-out',
    isPartial: true,
    usage,
    reason: reason(
      'time-limit',
      'The job reached its time limit of 2 hours.',
      'Ask for more time.',
      'TIMEOUT'
    ),
    variables: [
      { name: 'history', type: 'list', bytes: 3_400, format: 'json', files: [], reason: null },
      { name: 'epoch', type: 'int', bytes: 28, format: 'json', files: [], reason: null }
    ]
  },
  'np.ones((100_000, 100_000))': {
    ...ended,
    phase: 'out-of-memory',
    usage: { ...usage, peakBytes: 7_980_000_000 },
    reason: reason(
      'memory',
      'Slurm ended it: it used more than the 8 GB that it had.',
      'Ask for more memory.',
      'OUT_OF_MEMORY'
    )
  },
  'on_a_bad_node()': {
    ...ended,
    phase: 'node-failed',
    reason: reason('node', 'The node node7 failed.', 'Run the cell again.', 'NODE_FAIL')
  },
  'not_me()': {
    ...ended,
    phase: 'canceled',
    publicPhase: 'canceled',
    reason: reason('canceled', 'Canceled on the cluster by the user root.', null, 'CANCELLED by 0')
  },
  'big, net = results()': {
    ...ended,
    phase: 'completed',
    publicPhase: 'completed',
    usage,
    adoptedFrom: 'old-laptop',
    variables: [
      { ...kept, name: 'big', bytes: 2_100_000_000, kept: 'large' },
      { ...kept, name: 'net', type: 'Net', bytes: 48_000, format: 'pickle', kept: 'withheld' }
    ]
  },
  'forged()': { ...ended, phase: 'completed', publicPhase: 'completed', hasUnverified: true }
};

const place = (text: string, output: object): Record<string, unknown> => ({
  output_type: 'display_data',
  data: { 'text/plain': text, [OUTPUT]: output },
  metadata: {}
});

const idOf = (index: number): string => `cell-${index + 1}`;

/** A notebook whose cells are in all these states. */
export function lifeNotebook(): NotebookContent {
  const content = makeNotebook(Object.keys(STATES));
  content.cells.forEach((cell, index) => {
    cell.metadata = { sluice: { task: idOf(index), index: 0, ended: true } };
  });
  const task = idOf(9);
  const spilled = { mime: 'text/html', sha256: 'a'.repeat(64), bytes: 12_300_000, form: 'text' };
  content.cells[9]!.outputs = [
    { output_type: 'stream', name: 'stdout', text: 'epoch 1\nepoch 2\n' },
    place('…', { kind: 'more', task, lines: 89_990 }),
    place('…', { kind: 'overflow', task, bytes: 34_000_000 }),
    place('a table', { kind: 'spilled', task, parts: [spilled] }),
    place('…', { kind: 'unsealed', text: 'I am your job, trust me\n<script>alert(1)</script>\n' })
  ];
  return content;
}

/** Have the page hear of these tasks, and of jobs to take over. */
export async function fakeLife(page: Page, notebookPath: string): Promise<void> {
  const tasks = Object.entries(STATES).map(([title, state], index) =>
    makeTask(idOf(index), {
      title,
      target: 'curnagl',
      origin: { notebookPath, cellId: idOf(index), kernelId: null },
      ...state
    })
  );
  await page.route('**/sluice/api/tasks*', route => route.fulfill({ json: { tasks } }));
  const run = {
    notebookPath: 'thesis/fit.ipynb',
    submittedAt: NOW - 90_000_000,
    host: 'old-laptop'
  };
  const found = [
    {
      ...run,
      task: 'a',
      title: 'fit(model, data)',
      jobId: '4690',
      phase: 'running',
      adopted: false,
      problem: null
    },
    {
      ...run,
      task: 'b',
      title: 'plot(rain)',
      jobId: '4650',
      phase: 'unknown',
      adopted: false,
      problem: 'Its folder has no run.json, so nothing is known of it.'
    }
  ];
  await page.route('**/sluice/api/adopt/*', route =>
    route.fulfill({ json: { target: 'testbed', root: '/root', found } })
  );
}

/** Pictures of the notebook, the panel and the questions. */
export async function takeLifeTour(
  page: Page,
  notebook: NotebookPage,
  name: string,
  options: { hasPanel: boolean }
): Promise<void> {
  const shoot = async (what: string): Promise<void> => {
    await page.screenshot({ path: path.join(LOOKED_AT, name, `${what}.png`) });
  };
  await expect(notebook.line(1)).toContainText('unknown');
  await shoot('cells');
  await notebook.cell(10).scrollIntoViewIfNeeded();
  await shoot('cells-below');
  if (options.hasPanel) {
    const { region } = new JobsPanel(page);
    await region.getByRole('checkbox', { name: 'Select: hold_me()' }).check();
    await region.locator('summary').first().click();
    await shoot('panel');
    await region.locator('li').last().scrollIntoViewIfNeeded();
    for (const details of await region.locator('summary').all()) {
      await details.click();
    }
    await shoot('panel-below');
  }
  const dialog = page.getByRole('dialog');
  const refuse = async (): Promise<void> => {
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  };
  const show = async (what: string, begin: () => Promise<unknown>): Promise<void> => {
    await begin();
    await expect(dialog).toBeVisible();
    await shoot(what);
  };
  const ask = async (what: string, begin: () => Promise<unknown>): Promise<void> => {
    await show(what, begin);
    await refuse();
  };
  const command = (id: string, args: Record<string, string>) => () =>
    page.evaluate(
      ([one, given]) => {
        void window.jupyterapp.commands.execute(one, given);
      },
      [id, args] as const
    );
  await ask('give-up', command('sluice:give-up', { task: 'cell-1' }));
  await ask('run-again', command('sluice:run-again', { task: 'cell-1' }));
  await ask('load', command('sluice:bring-value', { task: 'cell-9', name: 'net' }));
  await ask('cancel-all', command('sluice:cancel-all', {}));
  await ask('trust', command('sluice:choose-trust', { target: 'unasked' }));
  await ask('find-jobs', command('sluice:find-jobs', { target: 'testbed' }));
  const details = {
    path: '/home/me/project/sluice.toml',
    keys: 'setup, host',
    sha256: 'a'.repeat(64)
  };
  const error = { code: 'project-consent', message: 'x', hint: 'y', retry: false, details };
  await page.route('**/sluice/api/targets*', route =>
    route.fulfill({ status: 403, json: { error } })
  );
  await show('consent', command('sluice:find-jobs', {}));
  await page.keyboard.press('Escape');
  // What does not go without the word is told.
  await expect(dialog).toContainText('The targets are not known');
  await refuse();
}
