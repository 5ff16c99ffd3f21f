import type { LeftOut } from '../../shared/wire/capture';
import type { IdleCode } from './idle-code';
import type { Wanted, WantedFile } from './wanted-files';

/** Take out the files that only functions name which nothing calls; each stays with its reason. */
export async function dropIdleUses(wanted: Wanted, idle: Pick<IdleCode, 'at'>): Promise<LeftOut[]> {
  const leftOut: LeftOut[] = [];
  for (const file of [...wanted.files.values()]) {
    const who = await idleUser(file, idle);
    if (who !== null) {
      wanted.files.delete(file.absolute);
      const reason = `only ${who} names it, which nothing here calls; send it with \`-i\``;
      leftOut.push({ kind: 'file', name: file.name, reason });
    }
  }
  return leftOut;
}

/** Null: at least one use may happen. */
async function idleUser({ uses }: WantedFile, idle: Pick<IdleCode, 'at'>): Promise<string | null> {
  let who: string | null = null;
  for (const { candidate } of uses) {
    const { source, line } = candidate;
    const name = source.file === null ? null : await idle.at(source.file, line);
    if (name === null) {
      return null;
    }
    who ??= `${name} in ${source.who}`;
  }
  return who;
}
