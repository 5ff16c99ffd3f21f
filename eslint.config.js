const js = require('@eslint/js');
const globals = require('globals');
const tseslint = require('typescript-eslint');
const { importX } = require('eslint-plugin-import-x');
const { createTypeScriptImportResolver } = require('eslint-import-resolver-typescript');
const restrictedPaths = require('./lint/restricted-paths');

const typeScript = ['**/*.{ts,tsx,mts}'];
const specs = ['**/__tests__/**', 'src/testing/**', 'ui-tests/**'];

/** Type-aware rules need to know which tsconfig describes a file. */
const typedBy = (project, files) => ({
  files,
  languageOptions: {
    parserOptions: { projectService: false, project, tsconfigRootDir: __dirname }
  }
});

const strictRules = {
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/explicit-module-boundary-types': 'error',
  '@typescript-eslint/no-import-type-side-effects': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true }
  ],
  '@typescript-eslint/restrict-template-expressions': [
    'error',
    { allowNumber: true, allowBoolean: true }
  ],
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
  // Code points are what a pattern or a column of text is counted in.
  '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
  // Handlers and contract members are async by their interface, awaiting or not.
  '@typescript-eslint/require-await': 'off',
  'import-x/no-cycle': 'error',
  'import-x/no-duplicates': ['error', { 'prefer-inline': true }],
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }]
};

module.exports = tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      '.venv/**',
      'build/**',
      'dist/**',
      'lib/**',
      'sluice/**',
      '**/fixtures/**',
      'test-results/**',
      'playwright-report/**'
    ]
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  { files: typeScript, extends: [tseslint.configs.strictTypeChecked] },
  typedBy('./tsconfig.node.json', [
    'src/{shared,client,capture,service,cli,testing}/**',
    '{lint,scripts}/**/*.{ts,mts}'
  ]),
  typedBy('./testbed/tsconfig.json', ['testbed/**']),
  typedBy('./bench/tsconfig.json', ['bench/**']),
  typedBy('./tsconfig.lab-specs.json', ['src/index.ts', 'src/lab/**']),
  typedBy('./tsconfig.ui-tests.json', ['ui-tests/**/*.ts']),
  {
    files: typeScript,
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createTypeScriptImportResolver({ project: './tsconfig.node.json' })
      ],
      // Only our own modules can be part of a circle of ours.
      'import-x/ignore': ['node_modules']
    },
    rules: strictRules
  },
  ...restrictedPaths,
  {
    files: ['src/**'],
    ignores: ['src/cli/**', ...specs],
    rules: { 'no-console': 'error' }
  },
  {
    files: ['src/lab/**'],
    rules: {
      // Lumino's signals take a method and its `this` apart.
      '@typescript-eslint/unbound-method': 'off'
    }
  },
  {
    files: specs,
    rules: {
      // expect(object.method) names a mock, it does not call it.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off'
    }
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: { globals: globals.node }
  },
  { files: ['**/*.{js,cjs}'], languageOptions: { sourceType: 'commonjs' } },
  { files: ['style/*.js'], languageOptions: { sourceType: 'module', globals: globals.browser } }
);
