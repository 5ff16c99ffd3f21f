import type { Capture } from '../../shared/wire/capture';

/** Values in these formats are read there by a module that their type does not name. */
const READ_BY: Readonly<Record<string, string>> = { arrow: 'pyarrow', dill: 'dill' };

/** What needs a module that the kernel named, as far as the types and formats of values tell. */
export function neededBy(
  module: string,
  { values = [] }: Partial<Pick<Capture, 'values'>>
): string {
  const [top = module] = module.split('.');
  const value = values.find(
    ({ type, format }) => type.startsWith(`${top}.`) || READ_BY[format] === top
  );
  return value ? `needed by the variable ${value.name}` : 'needed by a name of the kernel';
}
