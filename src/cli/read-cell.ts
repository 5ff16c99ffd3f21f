import { readFile, stat } from 'node:fs/promises';
import { SluiceError } from '../shared/errors';
import { sizeWords } from '../shared/size-words';

export type NotebookCell = {
  id: string | null;
  source: string;
  target: string | null;
  /** The sources of the code cells above. */
  above: string[];
};

/** A JSON text beyond this does not fit into one of Node's strings. */
const MOST_BYTES = 500_000_000;
/** What is sent to the service: code, without any output. */
const MOST_CODE = 30_000_000;

type RawCell = {
  id?: unknown;
  cell_type?: unknown;
  source?: unknown;
  metadata?: { sluice?: { target?: unknown } } | null;
};

const invalid = (path: string, problem: string, cause?: unknown): SluiceError =>
  new SluiceError('notebook-invalid', { path, problem }, { cause });

function textOf(source: unknown): string {
  return Array.isArray(source) ? source.join('') : typeof source === 'string' ? source : '';
}

function toCell({ id, source, metadata }: RawCell, above: readonly RawCell[]): NotebookCell {
  const target = metadata?.sluice?.target;
  return {
    id: typeof id === 'string' ? id : null,
    source: textOf(source),
    target: typeof target === 'string' ? target : null,
    above: above.map(cell => textOf(cell.source))
  };
}

function parseCells(text: string, path: string): RawCell[] {
  let notebook: unknown;
  try {
    notebook = JSON.parse(text);
  } catch (cause) {
    throw invalid(path, 'it is no notebook, since it is no JSON', cause);
  }
  const cells = (notebook as { cells?: unknown } | null)?.cells;
  if (!Array.isArray(cells)) {
    throw invalid(path, 'it is no notebook of format 4, since it has no cells');
  }
  return (cells as RawCell[]).filter(cell => cell.cell_type === 'code');
}

function problemOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'there is no such file' : `it cannot be read: ${message}`;
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) {
      throw invalid(path, `it has ${sizeWords(size)}; clear its outputs, and save it`);
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    throw error instanceof SluiceError ? error : invalid(path, problemOf(error), error);
  }
}

/** A code cell of a saved notebook, by its id or its number from 1, and what stands above it. */
export async function readCell(path: string, name: string): Promise<NotebookCell> {
  const cells = parseCells(await readText(path), path);
  const byId = cells.findIndex(({ id }) => id === name);
  const place = byId === -1 && /^\d+$/.test(name) ? Number(name) - 1 : byId;
  const found = cells[place];
  if (found === undefined) {
    throw invalid(path, `it has no code cell “${name}”; it has ${cells.length}`);
  }
  const cell = toCell(found, cells.slice(0, place));
  const size = [cell.source, ...cell.above].reduce((sum, { length }) => sum + length, 0);
  if (size > MOST_CODE) {
    throw invalid(path, `its code has ${sizeWords(size)}, more than a notebook’s should`);
  }
  return cell;
}
