import type { JSX } from 'react';

type PageButtonProps = {
  label: string;
  /** For a screen reader, where the label needs its surroundings to be understood. */
  name?: string;
  title?: string;
  isMain?: boolean;
  isDisabled?: boolean;
  onClick: () => void;
};

/** A button of a view. Disabled it keeps the keyboard focus, which the browser's own way would lose. */
export function PageButton({
  label,
  name,
  title,
  isMain = false,
  isDisabled = false,
  onClick
}: PageButtonProps): JSX.Element {
  return (
    <button
      type="button"
      className={isMain ? 'sluice-Button sluice-mod-main' : 'sluice-Button'}
      title={title}
      aria-label={name}
      aria-disabled={isDisabled}
      onClick={() => !isDisabled && onClick()}
    >
      {label}
    </button>
  );
}
