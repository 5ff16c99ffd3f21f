import type { Plan } from '../../shared/wire/plan';

type Row = Record<string, unknown>;

/**
 * A plan out of a notebook's outputs, which anyone may have written: what is not as it should be is
 * left out. Null: it is no plan at all.
 */
export function readPlan(value: unknown): Plan | null {
  if (!isRow(value) || value['version'] !== 1 || typeof value['target'] !== 'string') {
    return null;
  }
  const transfer = isRow(value['transfer']) ? value['transfer'] : {};
  return {
    ...(value as Plan),
    resources: readResources(value['resources']),
    modules: rows(value['modules'], ['path', 'module', 'why'], ['bytes']) as Plan['modules'],
    files: rows(value['files'], ['path', 'why'], ['bytes']) as Plan['files'],
    variables: rows(
      value['variables'],
      ['name', 'type', 'format', 'why'],
      ['bytes']
    ) as Plan['variables'],
    packages: rows(value['packages'], ['name', 'version', 'why']) as Plan['packages'],
    leftOut: rows(value['leftOut'], ['kind', 'name', 'reason']) as Plan['leftOut'],
    undecided: rows(value['undecided'], ['path', 'why'], ['bytes']) as Plan['undecided'],
    notes: rows(value['notes'], ['kind', 'name', 'text']) as Plan['notes'],
    script: typeof value['script'] === 'string' ? value['script'] : '',
    submit: readSubmit(value['submit']),
    transfer: { files: number(transfer['files']), bytes: number(transfer['bytes']) },
    rehearsal: readRehearsal(value['rehearsal'])
  };
}

function readSubmit(value: unknown): Plan['submit'] {
  if (!isRow(value)) {
    return null;
  }
  const smaller = isRow(value['smaller']) ? value['smaller'] : null;
  return {
    accepted: value['accepted'] === true,
    estimatedStart: text(value['estimatedStart']),
    message: text(value['message']),
    smaller: smaller && {
      resources: readResources(smaller['resources']),
      estimatedStart: text(smaller['estimatedStart'])
    }
  };
}

function readRehearsal(value: unknown): Plan['rehearsal'] {
  if (!isRow(value)) {
    return null;
  }
  const uncaptured = rows(value['uncaptured'], ['kind', 'name']);
  return {
    ok: value['ok'] === true,
    seconds: number(value['seconds']),
    uncaptured: uncaptured.map(one => ({
      ...one,
      line: typeof one['line'] === 'number' ? one['line'] : null,
      text: text(one['text']) ?? ''
    })) as NonNullable<Plan['rehearsal']>['uncaptured'],
    stopped: text(value['stopped']) as NonNullable<Plan['rehearsal']>['stopped'],
    message: text(value['message']),
    task: text(value['task']),
    outputs: Array.isArray(value['outputs']) ? value['outputs'].filter(isRow) : []
  };
}

function readResources(value: unknown): Plan['resources'] {
  const entries = isRow(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.filter(([, one]) => ['string', 'number'].includes(typeof one) || isTexts(one))
  );
}

/** The members of a list that hold these texts and numbers. */
function rows(value: unknown, texts: readonly string[], numbers: readonly string[] = []): Row[] {
  return (Array.isArray(value) ? value : []).filter(
    (row): row is Row =>
      isRow(row) &&
      texts.every(key => typeof row[key] === 'string') &&
      numbers.every(key => typeof row[key] === 'number')
  );
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(one => typeof one === 'string');
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
