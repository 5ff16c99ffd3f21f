import type { Plan } from '../../shared/wire/plan';

/** A plan of one module, one file and one variable, changed as asked. */
export function makePlan(changes: Partial<Plan> = {}): Plan {
  return {
    version: 1,
    target: 'testbed',
    resources: {},
    environment: {},
    manifest: 'sha256:0',
    cell: { id: 'cell-1', sha256: '0' },
    modules: [makeModule('rain')],
    files: [{ path: 'data/rain.csv', bytes: 2000, why: 'read in line 1' }],
    variables: [{ name: 'x', type: 'int', bytes: 1, format: 'json', why: 'read in line 2' }],
    packages: [],
    leftOut: [],
    undecided: [],
    notes: [],
    script: '#!/bin/sh\nexec python worker\n',
    submit: null,
    transfer: { files: 3, bytes: 12_000_000 },
    rehearsal: null,
    ...changes
  };
}

/** A module as a plan lists it. */
export function makeModule(module: string): Plan['modules'][number] {
  return {
    path: `${module}.py`,
    root: '/home/me',
    module,
    bytes: 100,
    sha256: '0',
    why: 'imported by the cell'
  };
}
