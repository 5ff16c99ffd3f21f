import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSX } from 'react';
import type { TaskFile } from '../../shared/wire/files';
import { PageButton } from '../page-button';
import { CodeWords } from '../plan/code-words';
import { formatBytes } from '../words/format-bytes';
import { kindWords, whereWords } from './file-words';

export type FileActions = {
  fetch(path: string): void;
  dismiss(path: string): void;
  cancel(path: string): void;
  open(path: string): void;
  /** How the server names a file that is here; null: it cannot be opened in this page. */
  pathOnServer(file: TaskFile): string | null;
};

type FilesTableProps = {
  files: readonly TaskFile[];
  target: string;
  isBusy: boolean;
  actions: FileActions;
  trans: TranslationBundle;
};

// Roles are spelled out: narrow views lay the rows out as blocks, which takes a table's own away.
/** The files of one page, each with what can be done about it. */
export function FilesTable(props: FilesTableProps): JSX.Element {
  const { files, trans } = props;
  const titles = [
    trans.__('Path'),
    trans.__('Size'),
    trans.__('Kind'),
    trans.__('Where'),
    trans.__('Why'),
    trans.__('Actions')
  ];
  return (
    <div className="sluice-PlanTable sluice-FilesTable">
      <table role="table" aria-label={trans.__('Files')}>
        <thead role="rowgroup">
          <tr role="row">
            {titles.map((title, column) => (
              <th
                key={title}
                role="columnheader"
                scope="col"
                data-look={column === 1 ? 'number' : undefined}
              >
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {files.map(file => (
            <Row key={file.path} {...props} file={file} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row(props: FilesTableProps & { file: TaskFile }): JSX.Element {
  const { file, target, trans } = props;
  return (
    <tr role="row" data-state={file.state}>
      <td role="cell" data-look="code">
        {file.path}
      </td>
      <td role="cell" data-look="number">
        {formatBytes(file.bytes)}
      </td>
      <td role="cell">
        {kindWords(file.kind, trans)}
        {!file.isNew && ` (${trans.__('changed')})`}
      </td>
      <td role="cell" title={file.localPath ?? undefined}>
        {whereWords(file.state, target, trans)}
      </td>
      <td role="cell">{file.reason !== null && <CodeWords text={file.reason} />}</td>
      <td role="cell">
        <Buttons {...props} />
      </td>
    </tr>
  );
}

function Buttons({
  file,
  isBusy,
  actions,
  trans
}: FilesTableProps & { file: TaskFile }): JSX.Element | null {
  const { path, state } = file;
  const button = (label: string, name: string, onClick: () => void): JSX.Element => (
    <PageButton label={label} name={name} isDisabled={isBusy} onClick={onClick} />
  );
  switch (state) {
    case 'there':
      return (
        <span className="sluice-FilesTable-buttons">
          {button(trans.__('Fetch'), trans.__('Fetch: %1', path), () => actions.fetch(path))}
          {button(trans.__('Give up'), trans.__('Give up: %1', path), () => actions.dismiss(path))}
        </span>
      );
    case 'dismissed':
    case 'taken':
      return button(trans.__('Fetch'), trans.__('Fetch: %1', path), () => actions.fetch(path));
    case 'fetching':
      return button(trans.__('Cancel'), trans.__('Cancel: %1', path), () => actions.cancel(path));
    case 'home':
    case 'beside': {
      const here = actions.pathOnServer(file);
      return here === null
        ? null
        : button(trans.__('Open'), trans.__('Open: %1', path), () => actions.open(here));
    }
    case 'gone':
    case 'refused':
      return null;
  }
}
