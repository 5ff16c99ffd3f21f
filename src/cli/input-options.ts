import { type Command, Option } from 'commander';
import { SluiceError } from '../shared/errors';

/** What a person wants sent, or wants to stay. */
export type Choice = { include: string[]; exclude: string[] };

/** Choices of variables by name, and of data files by path or pattern. */
export type Inputs = { names: Choice; files: Choice };

const NAME = /^[\p{ID_Start}_]\p{ID_Continue}*$/u;

function collect(item: string, before: string[] | undefined): string[] {
  return [...(before ?? []), item];
}

/** The option `-i`, which may come several times. */
export function addInputOption(command: Command, about: string): Command {
  return command.addOption(new Option('-i, --input <items>', about).argParser(collect));
}

function choiceOf(items: readonly string[]): Choice {
  return {
    include: items.filter(item => !item.startsWith('!')),
    exclude: items.filter(item => item.startsWith('!')).map(item => item.slice(1))
  };
}

function itemsOf(lists: readonly string[]): string[] {
  const items = lists.flatMap(list => list.split(',')).map(item => item.trim());
  if (items.includes('!')) {
    throw new SluiceError('request-invalid', { problem: '“!” stands before what must not travel' });
  }
  // What is said last of something counts: the command line over the cell.
  const opposite = (item: string): string => (item.startsWith('!') ? item.slice(1) : `!${item}`);
  const last = items.filter((item, index) => !items.slice(index + 1).includes(opposite(item)));
  return [...new Set(last.filter(item => item !== ''))];
}

/** Lists as `-i` has them: what can be the name of a variable is one, the rest are files. */
export function readInputs(lists: readonly string[]): Inputs {
  const items = itemsOf(lists);
  const isName = (item: string): boolean => NAME.test(item.replace(/^!/, ''));
  return {
    names: choiceOf(items.filter(isName)),
    files: choiceOf(items.filter(item => !isName(item)))
  };
}

/** The same for a script, which has no variables: all of them are files. */
export function readFiles(lists: readonly string[]): Choice {
  return choiceOf(itemsOf(lists));
}
