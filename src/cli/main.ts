import { Command } from 'commander';

const program = new Command('sluice').description(
  'Run notebook cells and scripts on a Slurm cluster.'
);

program
  .command('serve')
  .description('run the service in the foreground; it is usually started by whoever needs it')
  .action(async () => {
    const { serveCommand } = await import('./commands/serve');
    await serveCommand();
  });

void program.parseAsync();
