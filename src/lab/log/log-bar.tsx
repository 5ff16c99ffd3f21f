import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSX } from 'react';
import { PageButton } from '../page-button';
import { formatBytes } from '../words/format-bytes';
import type { LogPages } from './log-pages';

/** Where in a log to go. */
export type LogPlace = 'toStart' | 'earlier' | 'later' | 'toEnd';

type LogBarProps = {
  pages: Pick<LogPages, 'start' | 'end' | 'size' | 'isAtStart' | 'isAtEnd'>;
  isFollowing: boolean;
  trans: TranslationBundle;
  onFollow(isFollowing: boolean): void;
  onRefresh(): void;
  onGo(where: LogPlace): void;
};

/** What can be done with a log; where it is too long to be shown whole, also where to go in it. */
export function LogBar(props: LogBarProps): JSX.Element {
  const { isFollowing, trans, onFollow, onRefresh } = props;
  return (
    <div className="sluice-LogView-bar">
      <PageButton label={trans.__('Refresh')} onClick={onRefresh} />
      <label>
        <input
          type="checkbox"
          checked={isFollowing}
          onChange={event => onFollow(event.target.checked)}
        />
        {trans.__('Follow')}
      </label>
      <LogPlaces {...props} />
    </div>
  );
}

function LogPlaces({ pages, trans, onGo }: LogBarProps): JSX.Element | null {
  const { start, end, size, isAtStart, isAtEnd } = pages;
  if (isAtStart && isAtEnd) {
    return null;
  }
  return (
    <span className="sluice-LogView-places" role="group" aria-label={trans.__('Parts of the log')}>
      <PageButton
        label={trans.__('Beginning')}
        isDisabled={isAtStart}
        onClick={() => onGo('toStart')}
      />
      <PageButton
        label={trans.__('Earlier')}
        isDisabled={isAtStart}
        onClick={() => onGo('earlier')}
      />
      <PageButton label={trans.__('Later')} isDisabled={isAtEnd} onClick={() => onGo('later')} />
      <PageButton label={trans.__('End')} isDisabled={isAtEnd} onClick={() => onGo('toEnd')} />
      <span role="status">
        {trans.__('%1 to %2 of %3', formatBytes(start), formatBytes(end), formatBytes(size))}
      </span>
    </span>
  );
}
