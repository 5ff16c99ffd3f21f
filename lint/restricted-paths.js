// Turns the table of arrows into one ESLint block for each row.
const { existsSync, readdirSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { layers, ioModules } = require('./arrows');

const src = resolve(__dirname, '../src');

const isFile = row => row.endsWith('.ts');

const sourceFilesIn = folder =>
  existsSync(folder) ? readdirSync(folder).filter(name => /\.tsx?$/.test(name)) : [];

/** What a row is made of: a folder whose subfolders have rows of their own owns its files only. */
function own(row) {
  const isSplit = Object.keys(layers).some(other => other.startsWith(`${row}/`) && !isFile(other));
  return isSplit ? sourceFilesIn(join(src, row)).map(name => `${row}/${name}`) : [row];
}

function restrict(row, files, allowed) {
  const words = layers[row].length === 0 ? 'nothing of ours' : layers[row].join(', ');
  const message = `src/${row} may import ${words} (lint/arrows.js).`;
  const zone = { target: src, from: src, except: allowed, message };
  return { files, rules: { 'import-x/no-restricted-paths': ['error', { zones: [zone] }] } };
}

function blocksFor(row) {
  const allowed = [...own(row), ...layers[row]];
  if (isFile(row)) {
    return [restrict(row, [`src/${row}`], allowed)];
  }
  const more = ['testing', ...(row.startsWith('service') ? ['service'] : [])];
  const forSpecs = [...new Set([...allowed, ...more])];
  return [
    restrict(row, [`src/${row}/**`], allowed),
    restrict(row, [`src/${row}/**/__tests__/**`], forSpecs)
  ];
}

const schedulersWithoutIo = {
  files: ['src/service/schedulers/**'],
  ignores: ['**/__tests__/**'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          { group: ioModules, message: 'Schedulers build and parse text; they do no I/O.' }
        ]
      }
    ]
  }
};

// Later blocks win, so deeper rows come after the rows that they lie in.
const byDepth = (a, b) => a.split('/').length - b.split('/').length;

module.exports = [...Object.keys(layers).sort(byDepth).flatMap(blocksFor), schedulersWithoutIo];
