const columns = ['suite', 'passed', 'failed', 'skipped', 'seconds'];

/** The results as lines of a table. */
export function tableOf(results) {
  const rows = results.map(({ name, passed, failed, skipped, seconds }) =>
    [name, passed, failed, skipped, seconds.toFixed(0)].map(String)
  );
  return [columns, ...rows].map(row =>
    row.map((cell, index) => (index === 0 ? cell.padEnd(8) : cell.padStart(9))).join('')
  );
}

/** The plain line that everything else may rely on. */
export function totalOf(results) {
  const sum = key => results.reduce((total, result) => total + result[key], 0);
  return `${sum('passed')} passed, ${sum('failed')} failed`;
}
