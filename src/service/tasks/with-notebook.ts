import { notebookNames } from '../../capture/python/notebook-names';
import type { Capture, Note } from '../../shared/wire/capture';
import { emptyCapture } from '../../shared/wire/empty-capture';
import type { Plan } from '../../shared/wire/plan';
import type { PlanRequest } from '../../shared/wire/submit';

export type Told = {
  request: PlanRequest;
  /** Names whose values only a kernel has. */
  unknown: Plan['variables'];
};

const NO_PYTHON: Note = {
  kind: 'name',
  name: 'Python',
  text: 'no Python could be asked here, so what is installed and what is local is a guess'
};

/** Where nothing but the disk is known: the notebook's folder is looked through, as Python would. */
function bareCapture(projectDir: string | null): Capture {
  return {
    ...emptyCapture(),
    cwd: projectDir ?? '/',
    sysPath: projectDir === null ? [] : [projectDir],
    notes: [NO_PYTHON]
  };
}

/** A plan's request as if a kernel had been asked, as far as the saved notebook can say it. */
export function withNotebook(request: PlanRequest): Told {
  const { notebook, payload, capture, projectDir } = request;
  if (notebook === null || payload.kind !== 'cell') {
    return { request, unknown: [] };
  }
  const { variables, ...names } = notebookNames({ ...notebook, cell: payload.source });
  const base = capture ?? bareCapture(projectDir);
  const unknown = variables.map(({ name, type, why }) => ({
    name,
    type,
    bytes: 0,
    format: 'unknown',
    why
  }));
  return { request: { ...request, capture: { ...base, ...names } }, unknown };
}
