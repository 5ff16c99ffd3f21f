import type { Words } from './pending-reasons';

const THINGS: readonly (readonly [RegExp, string])[] = [
  [/^cpu/i, 'CPUs'],
  [/^mem(ory)?/i, 'memory'],
  [/^gres/i, 'GPUs (or other devices)'],
  [/^submitjobs?/i, 'jobs in the queue'],
  [/^jobs?/i, 'running jobs'],
  [/^nodes?/i, 'nodes'],
  [/^wall(duration)?/i, 'time'],
  [/^energy/i, 'energy'],
  [/^(license|lic)s?/i, 'licenses'],
  [/^bb/i, 'burst buffer'],
  [/^billing/i, 'billing units'],
  [/^unknown/i, 'some resource']
];

const OWNERS: Readonly<Record<string, string>> = {
  Assoc: 'your account',
  QOS: 'the QOS',
  '': 'the QOS, for one account,'
};

/** `Minutes` of a resource are a budget that is used up; `RunMinutes` are what running jobs may still use. */
function groupWords(owner: string, thing: string, rest: string): Words {
  if (/^RunMin/i.test(rest)) {
    return [
      'limit',
      `The running jobs hold all the time on ${thing} that ${owner} allows at once.`,
      'It starts as they go on and end; a shorter job may start sooner.'
    ];
  }
  if (/^Min/i.test(rest)) {
    return [
      'budget',
      `The time on ${thing} that ${owner} has is used up.`,
      'Ask your project or site for more, or use another account or QOS.'
    ];
  }
  return [
    'limit',
    `Jobs already use all the ${thing} that ${owner} allows them together.`,
    'It starts when some of them end.'
  ];
}

function mostWords(owner: string, thing: string, rest: string): Words {
  if (/Per(Job|Node)/i.test(rest) || thing === 'time') {
    const what = /^Min/i.test(rest) ? `time on ${thing}` : thing;
    const where = /PerNode/i.test(rest) ? 'on one node' : 'for one job';
    return ['limit', `It asks for more ${what} than ${owner} allows ${where}.`, 'Ask for less.'];
  }
  return [
    'limit',
    `Your jobs are at the limit of ${thing} that ${owner} sets.`,
    'It starts when another of your jobs ends.'
  ];
}

/**
 * What a limit's token means, such as `AssocGrpCpuLimit` or `QOSMaxGRESPerUser`: whose limit, on what, and
 * over what; null: it is no limit's.
 */
export function limitReason(token: string): Words | null {
  const [, owner = '', scope = '', subject = ''] =
    /^(Assoc|QOS)?(Grp|Max|Min)([A-Z].*?)(?:Limit)?$/.exec(token) ?? [];
  const [pattern, thing = ''] = THINGS.find(([one]) => one.test(subject)) ?? [];
  if (pattern === undefined) {
    return /Limit/.test(token)
      ? ['limit', 'A limit of your account, QOS or partition holds it back.', null]
      : null;
  }
  const whose = OWNERS[owner] ?? '';
  const rest = subject.replace(pattern, '');
  switch (scope) {
    case 'Grp':
      return groupWords(whose, thing, rest);
    case 'Min':
      return [
        'limit',
        `It asks for less ${thing} than ${whose} wants at the least.`,
        'Ask for more.'
      ];
    default:
      return mostWords(whose, thing, rest);
  }
}
