import type { Connection } from '../../shared/wire/connection';

const WORDS: Readonly<Record<Connection['state'], string>> = {
  idle: 'not connected',
  connecting: 'connecting',
  asking: 'asks you',
  connected: 'connected',
  'needs-login': 'needs login',
  paused: 'paused'
};

/** A connection in a word or two; empty where nothing was asked of the host yet. */
export function connectionWords(connection: Connection | null): string {
  return connection === null || connection.via === 'local' ? '' : WORDS[connection.state];
}
