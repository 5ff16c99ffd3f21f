import { Fragment, type JSX } from 'react';

/** A sentence in which what stands between backticks is code. */
export function CodeWords({ text }: { text: string }): JSX.Element {
  // A backtick without a partner stays what it is.
  const parts = text.split(/`([^`]+)`/);
  return (
    <>
      {parts.map((part, index) =>
        index % 2 === 1 ? <code key={index}>{part}</code> : <Fragment key={index}>{part}</Fragment>
      )}
    </>
  );
}
