import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSX } from 'react';

type SelectionBarProps = {
  /** Ids of all jobs that can be selected. */
  live: readonly string[];
  chosen: readonly string[];
  trans: TranslationBundle;
  onSelectAll(isSelected: boolean): void;
  onCancel(): void;
  onCancelAll(): void;
};

/** Selects all live jobs, and cancels those that are selected, or all. */
export function SelectionBar(props: SelectionBarProps): JSX.Element {
  const { live, chosen, trans, onSelectAll, onCancel, onCancelAll } = props;
  const isAny = chosen.length > 0;
  return (
    <div className="sluice-JobsPanel-selection" role="group" aria-label={trans.__('Live jobs')}>
      <label>
        <input
          type="checkbox"
          checked={chosen.length === live.length}
          onChange={event => onSelectAll(event.target.checked)}
        />
        {trans.__('Select all')}
      </label>
      <button
        type="button"
        className="sluice-Button"
        onClick={() => (isAny ? onCancel() : onCancelAll())}
      >
        {isAny
          ? trans._n('Cancel %1 selected…', 'Cancel %1 selected…', chosen.length, chosen.length)
          : trans.__('Cancel all…')}
      </button>
    </div>
  );
}
