import { CommanderError } from 'commander';
import { buildProgram } from './program';

const program = buildProgram(
  async (isJson, command) => (await import('./run-command')).runCommand(isJson, command),
  async () => (await import('./commands/serve')).serveCommand()
);

// A reader that has enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') {
    throw error;
  }
  process.exit(0);
});

program.parseAsync().catch((error: unknown) => {
  // Commander has said what is wrong with the line, and set the exit status.
  if (!(error instanceof CommanderError)) {
    throw error;
  }
});
