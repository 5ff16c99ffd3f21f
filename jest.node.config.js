// Everything that runs under Node: wants a Node with node:sqlite (scripts/test.mjs finds one).
const esModules = ['cookie', 'ssh-config', 'smol-toml', '@lezer/', 'fastify-type-provider-zod'];

module.exports = {
  testEnvironment: 'node',
  testMatch: [
    '<rootDir>/src/{shared,client,capture,service,cli,testing}/**/__tests__/**/*.spec.ts',
    '<rootDir>/testbed/__tests__/**/*.spec.ts',
    '<rootDir>/{bench,lint,scripts}/__tests__/**/*.spec.ts'
  ],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  moduleDirectories: ['node_modules'],
  modulePathIgnorePatterns: ['<rootDir>/(build|dist|lib|sluice|\\.venv)/'],
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline'
      }
    ]
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules.join('|')}))`],
  // Against hangs alone: a busy machine shall fail nothing.
  testTimeout: 60_000,
  restoreMocks: true
};
