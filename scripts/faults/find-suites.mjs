import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from '../setup/checkout.mjs';

const isOfJest = path => /^src\/.*\.faults\.spec\.ts$/.test(path);
const isOfPytest = path => /^sluice\/tests\/.*\/test_\w*(faults|malicious)\w*\.py$/.test(path);

function filesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

/** The files of the fault suites whose path contains one of the names; all where none is given. */
export function findFaultSuites(names) {
  const isMeant = path => names.length === 0 || names.some(name => path.includes(name));
  const files = [...filesBelow('src'), ...filesBelow('sluice/tests')].filter(isMeant);
  return { jest: files.filter(isOfJest), pytest: files.filter(isOfPytest) };
}
