import { connectionWords } from '../print/connection-words';
import { type CommandContext, print } from '../command-context';
import { table } from '../print/table';

const DAY_HOURS = 24;

/** When the doctor was there; what it learned is forgotten after a day. */
function ago(learnedAt: number | undefined, nowMs: number): string {
  if (learnedAt === undefined) {
    return '';
  }
  const minutes = Math.max(0, Math.floor((nowMs - learnedAt) / 60_000));
  return minutes < 60
    ? `${minutes} min ago`
    : `${Math.min(DAY_HOURS, Math.floor(minutes / 60))} h ago`;
}

/** The targets that can be named here, the default marked by a star. */
export async function targets(context: CommandContext): Promise<number> {
  const body = await context.access.ask(client => client.targets(context.cwd));
  print(context, body, ({ default: fallback, targets: all }) =>
    table(
      ['TARGET', 'SCHEDULER', 'HOST', 'TRUST', 'CONNECTION', 'DOCTOR', 'DEFINED IN'],
      all.map(({ name, scheduler, host, trust, connection, limits, source }) => [
        name === fallback ? `${name} *` : name,
        scheduler,
        host ?? 'this machine',
        trust,
        connectionWords(connection),
        ago(limits?.learnedAt, context.nowMs()),
        source
      ])
    )
  );
  return 0;
}
