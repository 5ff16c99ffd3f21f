// Browser code in jsdom, on JupyterLab's own base configuration.
const base = require('@jupyterlab/testing/lib/jest-config');

const esModules = [
  '@codemirror',
  '@marijn',
  '@microsoft',
  '@jupyter/',
  '@jupyterlab/',
  '@lezer',
  '@rjsf',
  'color',
  'exenv-es6',
  'lib0',
  'marked',
  'nanoid',
  'vscode-ws-jsonrpc',
  'y-protocols',
  'y-websocket',
  'yjs'
];
const { '\\.svg$': svg } = base(__dirname).transform;

module.exports = {
  ...base(__dirname),
  testRegex: 'src/lab/.*\\.spec\\.tsx?$',
  testPathIgnorePatterns: ['/node_modules/'],
  modulePathIgnorePatterns: ['<rootDir>/(build|dist|lib|sluice|\\.venv)/'],
  reporters: ['default'],
  transform: {
    '\\.svg$': svg,
    '^.+\\.[cm]?[jt]sx?$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic' } },
          target: 'es2022'
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline'
      }
    ]
  },
  transformIgnorePatterns: [`/node_modules/(?!${esModules.join('|')}).+`],
  restoreMocks: true
};
