// Gathers the licences of the packages that a bundle holds: most ask that their text goes along.
const { existsSync, readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

const fileName = 'THIRD-PARTY-LICENSES.txt';

/** The folder of the package that a file in node_modules belongs to. */
function packageFolder(file) {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

function filesOf(module) {
  const inner = module.modules ? [...module.modules].flatMap(filesOf) : [];
  return module.resource ? [module.resource, ...inner] : inner;
}

function describe(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find(entry => /^(licen[cs]e|copying)/i.test(entry));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license}`;
  return `${name} ${version} (${license})\n\n${text}\n`;
}

/** A webpack plugin that writes one text with the licence of each package in the bundle. */
class LicensesPlugin {
  apply(compiler) {
    const { Compilation, sources } = compiler.webpack;
    compiler.hooks.thisCompilation.tap('licenses', compilation => {
      const stage = Compilation.PROCESS_ASSETS_STAGE_SUMMARIZE;
      compilation.hooks.processAssets.tap({ name: 'licenses', stage }, () => {
        const folders = [...compilation.modules].flatMap(filesOf).map(packageFolder);
        const packages = [...new Set(folders)]
          .filter(folder => folder && existsSync(join(folder, 'package.json')))
          .sort();
        const text = packages.map(describe).join(`\n${'-'.repeat(78)}\n\n`);
        compilation.emitAsset(fileName, new sources.RawSource(text));
      });
    });
  }
}

module.exports = { LicensesPlugin };
