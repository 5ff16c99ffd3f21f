import { type CommandContext, print } from '../command-context';
import { table } from '../print/table';

/** The targets that can be named here, the default marked by a star. */
export async function targets(context: CommandContext): Promise<number> {
  const body = await context.access.ask(client => client.targets(context.cwd));
  print(context, body, ({ default: fallback, targets: all }) =>
    table(
      ['TARGET', 'SCHEDULER', 'HOST', 'TRUST', 'DEFINED IN'],
      all.map(({ name, scheduler, host, trust, source }) => [
        name === fallback ? `${name} *` : name,
        scheduler,
        host ?? 'this machine',
        trust,
        source
      ])
    )
  );
  return 0;
}
