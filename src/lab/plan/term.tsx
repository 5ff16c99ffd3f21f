import { type JSX, useId } from 'react';

/** A word with its meaning beside it, shown on hover and on focus, and read out as a description. */
export function Term({ word, meaning }: { word: string; meaning: string | null }): JSX.Element {
  const id = useId();
  if (meaning === null) {
    return <span>{word}</span>;
  }
  return (
    <span className="sluice-Term" tabIndex={0} aria-describedby={id}>
      {word}
      <span className="sluice-Term-meaning" role="tooltip" id={id}>
        {meaning}
      </span>
    </span>
  );
}
