import type { PartReply } from '../parallel-parts';
import { parsePartitions, parseSlurmFacts } from '../slurm-facts';

const replies = (parts: Record<string, string>): ReadonlyMap<string, PartReply> =>
  new Map(
    Object.entries(parts).map(([name, text]) => [
      `slurm-${name}`,
      { lines: text.split('\n'), isDone: !text.endsWith('…') }
    ])
  );

const GOOD = {
  controller: 'slurm 23.11.6\nSlurmctld(primary) at ctl1 is UP\n\nsluice-status 0',
  partitions: 'cpu*|up|3-00:00:00|300|48|512000|idle|(null)\n\nsluice-status 0',
  accounting: '\nsluice-status 0',
  associations: 'physics|normal,long|normal\nphysics_gpu|gpu|\n\nsluice-status 0',
  shares: 'root|\nphysics|me\n astro|me\n\nsluice-status 0'
};

describe('what a cluster says of itself', () => {
  it('is read from its own words', () => {
    expect(parseSlurmFacts(replies(GOOD))).toEqual({
      isInstalled: true,
      version: '23.11.6',
      isUp: true,
      controllerWords: 'slurm 23.11.6 Slurmctld(primary) at ctl1 is UP',
      hasAccounting: true,
      accountingWords: '',
      partitions: [
        {
          name: 'cpu',
          isDefault: true,
          isUp: true,
          maxTime: '3-00:00:00',
          nodes: 300,
          cpusPerNode: 48,
          memoryPerNodeMb: 512_000,
          gpus: []
        }
      ],
      accounts: ['physics', 'physics_gpu', 'astro'],
      qos: ['normal', 'long', 'gpu']
    });
  });

  it.each([
    ['slurm-wlm 20.11.9', '20.11.9'],
    ['slurm 26.05.0-0rc1', '26.05.0-0rc1'],
    ['noise of a module\nslurm 24.05.3', '24.05.3']
  ])('has the version of %j', (line, version) => {
    const controller = `${line}\n\nsluice-status 0`;
    expect(parseSlurmFacts(replies({ ...GOOD, controller })).version).toBe(version);
  });

  it('may be that it is not there, is down, or is silent', () => {
    const missing = parseSlurmFacts(replies({ controller: 'sluice-missing' }));
    expect(missing).toMatchObject({ isInstalled: false, isUp: false, version: null });
    const words = 'slurm_load_partitions: Unable to contact slurm controller (connect failure)';
    const down = parseSlurmFacts(replies({ ...GOOD, partitions: `${words}\n\nsluice-status 1` }));
    expect(down).toMatchObject({ isInstalled: true, isUp: false, controllerWords: words });
    for (const partitions of ['…', '\nsluice-status 124']) {
      const silent = parseSlurmFacts(replies({ ...GOOD, partitions }));
      expect(silent).toMatchObject({ isUp: false, controllerWords: 'it did not answer in time' });
    }
  });

  it('lacks accounts where accounting is off, which is no more than a warning', () => {
    const accounting = 'Slurm accounting storage is disabled\n\nsluice-status 1';
    const associations = 'sacctmgr: error: unknown host dbd\n\nsluice-status 1';
    const facts = parseSlurmFacts(
      replies({ ...GOOD, accounting, associations, shares: '\nsluice-status 1' })
    );
    expect(facts).toMatchObject({ isUp: true, hasAccounting: false, accounts: [], qos: [] });
  });
});

describe('partitions', () => {
  it('are one each, with the largest of their nodes and all of their GPUs', () => {
    const rows = [
      'gpu|up|12:00:00|2|64|1000000|mixed|gpu:a100:4(S:0-3)',
      'gpu|up|12:00:00|1|32|250000+|idle|gpu:v100:2,nvme:1',
      'gpu|up|12:00:00|1|32|250000|drained*|gpu:2(IDX:0-1)',
      'old|inact|infinite|0|0|0|n/a|(null)',
      'slurm_load_node: warning'
    ];
    expect(parsePartitions(rows)).toEqual([
      {
        name: 'gpu',
        isDefault: false,
        isUp: true,
        maxTime: '12:00:00',
        nodes: 4,
        cpusPerNode: 64,
        memoryPerNodeMb: 1_000_000,
        gpus: ['a100:4', 'v100:2', '2']
      },
      {
        name: 'old',
        isDefault: false,
        isUp: false,
        maxTime: 'infinite',
        nodes: 0,
        cpusPerNode: 0,
        memoryPerNodeMb: 0,
        gpus: []
      }
    ]);
  });
});
