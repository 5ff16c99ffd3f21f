import type { Answer, JobRef, JobReport } from '../scheduler';
import { createSlurmScheduler } from '../slurm-scheduler';

const scheduler = createSlurmScheduler();

/** What a release answers about three jobs: one that failed, one canceled, one that runs again. */
type Form = {
  release: string;
  squeue: { status: number; rows: string[] };
  sacct: string[];
  peakBytes: number;
};

const KIB = 1024;

// Before 23.02 squeue printed a wait status; the sizes are rounded and their units differ.
const FORMS: Form[] = [
  {
    release: '20.11',
    squeue: {
      status: 0,
      rows: [
        '11|FAILED|0|768|1790000000|1790000090|1001|node1|sl-failed|NonZeroExitCode',
        '13|RUNNING|1|0|1790000100|NONE|1001|node2|sl-again|None'
      ]
    },
    sacct: [
      '11|FAILED|3:0|node1|1001|1790000000|1790000090|90|01:30.250|2|billing=2,cpu=2,mem=1G,node=1||sl-failed',
      '11.batch|FAILED|3:0|node1||1790000000|1790000090|90|01:30.250|2|cpu=2,mem=1G,node=1|15276K|batch',
      '11.extern|COMPLETED|0:0|node1||1790000000|1790000090|90|00:00.001|2|billing=2,cpu=2,mem=1G,node=1|0|extern',
      '12|CANCELLED by 1002|0:0|None assigned|1001|Unknown|1790000050|0|00:00:00|0|||sl-canceled'
    ],
    peakBytes: 15_276 * KIB
  },
  {
    release: '22.05',
    squeue: {
      status: 0,
      rows: [
        '11|FAILED|0|768|1790000000|1790000090|1001|node1|sl-failed|NonZeroExitCode',
        '12|CANCELLED|0|0|1790000050|1790000050|1001|n/a|sl-canceled|Priority',
        '13|RUNNING|1|0|1790000100|NONE|1001|node2|sl-again|None'
      ]
    },
    sacct: [
      '11|FAILED|3:0|node1|1001|1790000000|1790000090|90|01:30.250|2|billing=2,cpu=2,mem=1G,node=1||sl-failed',
      '11.batch|FAILED|3:0|node1||1790000000|1790000090|90|01:30.250|2|cpu=2,mem=1G,node=1|14.50M|batch',
      '11.0|COMPLETED|0:0|node1||1790000001|1790000080|79|00:10.000|2|cpu=2,mem=1G,node=1|1.50G|python',
      '12|CANCELLED by 1002|0:0|None assigned|1001|None|1790000050|0|00:00:00|0|||sl-canceled'
    ],
    peakBytes: 1.5 * KIB ** 3
  },
  ...['24.11', '26.05'].map(release => ({
    release,
    squeue: {
      status: 0,
      rows: [
        '11|FAILED|0|3:0|1790000000|1790000090|1001|node1|sl-failed|NonZeroExitCode',
        '12|CANCELLED|0|0:0|N/A|1790000050|1001|n/a|sl-canceled|None',
        '13|RUNNING|1|0:0|1790000100|NONE|1001|node2|sl-again|None'
      ]
    },
    sacct: [
      '11|FAILED|3:0|node1|1001|1790000000|1790000090|90|01:30.250|2|billing=2,cpu=2,mem=1G,node=1||sl-failed',
      '11.batch|FAILED|3:0|node1||1790000000|1790000090|90|01:30.250|2|cpu=2,mem=1G,node=1|15276K|batch',
      '11.extern|COMPLETED|0:0|node1||1790000000|1790000090|90|00:00:00|2|billing=2,cpu=2,mem=1G,node=1||extern',
      '12|CANCELLED by 1002|0:0|None assigned|1001|None|1790000050|0|00:00:00|0|||sl-canceled'
    ],
    peakBytes: 15_276 * KIB
  }))
];

const JOBS: JobRef[] = [
  ['11', 'sl-failed'],
  ['12', 'sl-canceled'],
  ['13', 'sl-again']
].map(([jobId = '', key = '']) => ({ jobId, key, directory: `/r/runs/${key}` }));

function answerOf({ squeue, sacct }: Form): Answer {
  const lines = [
    'sluice:me 1001',
    'sluice:now 1790000120',
    `sluice:status-0 ${squeue.status}`,
    ...squeue.rows.map(row => `sluice:squeue-0 ${row}`),
    'sluice:books-0 0',
    ...sacct.map(row => `sluice:sacct-0 ${row}`),
    'sluice:name 1002 ada'
  ];
  return { status: 0, stdout: `${lines.join('\n')}\n`, stderr: '' };
}

function reportsOf(form: Form): Record<string, JobReport> {
  const outcome = scheduler.parseQuery(answerOf(form), JOBS);
  if (outcome.kind !== 'answered') {
    throw new Error(outcome.message);
  }
  return Object.fromEntries(outcome.reports.map(report => [report.key, report]));
}

describe.each(FORMS)('what Slurm $release says', form => {
  it('tells how a job failed, and what it took', () => {
    expect(reportsOf(form)['sl-failed']).toMatchObject({
      state: 'failed',
      exitCode: 3,
      signal: null,
      node: 'node1',
      startedAt: 1_790_000_000,
      endedAt: 1_790_000_090,
      usage: {
        elapsedSeconds: 90,
        cpuSeconds: 90.25,
        cpus: 2,
        memoryBytes: KIB ** 3,
        peakBytes: form.peakBytes
      }
    });
  });

  it('tells who canceled, though the job never began', () => {
    expect(reportsOf(form)['sl-canceled']).toMatchObject({
      state: 'canceled',
      node: null,
      endedAt: 1_790_000_050,
      canceledBy: { kind: 'other', name: 'ada' }
    });
  });

  it('tells that a job runs again', () => {
    expect(reportsOf(form)['sl-again']).toMatchObject({
      state: 'running',
      restarts: 1,
      exitCode: null,
      endedAt: null
    });
  });
});
