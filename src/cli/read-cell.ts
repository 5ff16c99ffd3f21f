import { readFile } from 'node:fs/promises';
import { SluiceError } from '../shared/errors';

export type NotebookCell = { id: string | null; source: string; target: string | null };

type RawCell = {
  id?: unknown;
  cell_type?: unknown;
  source?: unknown;
  metadata?: { sluice?: { target?: unknown } } | null;
};

const invalid = (problem: string): SluiceError => new SluiceError('request-invalid', { problem });

function textOf(source: unknown): string {
  return Array.isArray(source) ? source.join('') : typeof source === 'string' ? source : '';
}

function toCell({ id, source, metadata }: RawCell): NotebookCell {
  const target = metadata?.sluice?.target;
  return {
    id: typeof id === 'string' ? id : null,
    source: textOf(source),
    target: typeof target === 'string' ? target : null
  };
}

function parseCells(text: string, path: string): RawCell[] {
  let notebook: unknown;
  try {
    notebook = JSON.parse(text);
  } catch (error) {
    throw invalid(`${path} is not a notebook: ${(error as Error).message}`);
  }
  const cells = (notebook as { cells?: unknown } | null)?.cells;
  if (!Array.isArray(cells)) {
    throw invalid(`${path} is not a notebook of format 4: it has no cells`);
  }
  return (cells as RawCell[]).filter(cell => cell.cell_type === 'code');
}

/** A code cell of a saved notebook, by its id or its number from 1. */
export async function readCell(path: string, name: string): Promise<NotebookCell> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw invalid(`${path} cannot be read: ${(error as Error).message}`);
  });
  const cells = parseCells(text, path);
  const found =
    cells.find(({ id }) => id === name) ??
    (/^\d+$/.test(name) ? cells[Number(name) - 1] : undefined);
  if (found === undefined) {
    throw invalid(`${path} has no code cell “${name}”; it has ${cells.length}, numbered from 1`);
  }
  return toCell(found);
}
