import { checkoutEnv } from '../setup/checkout.mjs';
import { tryQuietly } from '../setup/run.mjs';

/** A check that a command does: its exit status decides, its output is the problem. */
export function fromCommand(name, command, args) {
  return {
    run: async () => {
      const { status, output } = await tryQuietly(command, args, { env: checkoutEnv() });
      return [{ name, problem: status === 0 ? '' : output || `exit status ${status}` }];
    }
  };
}
