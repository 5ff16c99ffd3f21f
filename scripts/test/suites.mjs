import { at, inVenv } from '../setup/checkout.mjs';
import { fromJest, fromPlaywright, fromPytest } from './counts.mjs';

const jest = at('node_modules/jest/bin/jest.js');

const jestArgs = (config, report) => [
  jest,
  '--config',
  at(config),
  '--json',
  `--outputFile=${report}`,
  '--maxWorkers=2'
];

/**
 * The suites in the order in which they run: the quick ones first. `command` gives the program and
 * its arguments; it writes a report that `read` turns into counts.
 */
export const suites = [
  {
    name: 'lab',
    doing: 'jest: the browser half, in jsdom',
    report: 'lab.json',
    command: ({ report }) => [process.execPath, jestArgs('jest.lab.config.js', report)],
    read: fromJest
  },
  {
    name: 'node',
    doing: 'jest: the service, the command line, the Slurm and sshd testbed',
    report: 'node.json',
    command: ({ report, node24 }) => [node24, jestArgs('jest.node.config.js', report)],
    read: fromJest
  },
  {
    name: 'python',
    doing: 'pytest: server extension, magics, kernel helper, worker, wheel',
    report: 'python.xml',
    command: ({ report }) => [inVenv('pytest'), [`--junitxml=${report}`, '-q']],
    read: fromPytest
  },
  {
    name: 'ui',
    doing: 'Galata: user stories in Chromium',
    report: 'ui.json',
    command: () => [
      process.execPath,
      [
        at('node_modules/@playwright/test/cli.js'),
        'test',
        '--config',
        at('ui-tests/playwright.config.js'),
        '--reporter=list,json'
      ]
    ],
    env: ({ report }) => ({
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
      PLAYWRIGHT_JSON_OUTPUT_NAME: report
    }),
    read: fromPlaywright
  }
];
