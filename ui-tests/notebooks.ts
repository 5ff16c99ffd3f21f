/** A notebook with these code cells, as the contents API takes it; cell ids are `cell-1`, …. */
export function makeNotebook(
  sources: readonly string[],
  options: { target?: string; kernel?: string } = {}
): NotebookContent {
  const { target, kernel = 'python3' } = options;
  return {
    cells: sources.map((source, index) => ({
      cell_type: 'code',
      id: `cell-${index + 1}`,
      metadata: {},
      outputs: [],
      execution_count: null,
      source
    })),
    metadata: {
      kernelspec: { name: kernel, display_name: 'Python 3 (ipykernel)', language: 'python' },
      ...(target !== undefined && { sluice: { target } })
    },
    nbformat: 4,
    nbformat_minor: 5
  };
}

/** Of a notebook file, what the stories look at. */
export type NotebookContent = {
  cells: {
    cell_type: string;
    id: string;
    metadata: Record<string, unknown>;
    outputs: Record<string, unknown>[];
    execution_count: number | null;
    source: string;
  }[];
  metadata: Record<string, unknown>;
  nbformat: number;
  nbformat_minor: number;
};
