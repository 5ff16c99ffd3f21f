import { resolve } from 'node:path';
import type { SluiceError } from '../../../shared/errors';
import { homeOf } from './ssh-home';

/** Makes the error for a value that cannot be used. */
export type Fail = (problem: string) => SluiceError;

/** Replace `%h` and the like. */
export function expandTokens(text: string, tokens: Record<string, string>): string {
  return text.replace(/%./g, token => (token === '%%' ? '%' : (tokens[token] ?? token)));
}

/** A path with its tokens, `${VARIABLES}` and `~` replaced. */
export function expandPath(
  path: string,
  tokens: Record<string, string>,
  env: NodeJS.ProcessEnv
): string {
  const withVariables = path.replace(/\$\{(\w+)\}/g, (_, name: string) => env[name] ?? '');
  return expandHome(expandTokens(withVariables, tokens), homeOf(env));
}

/** A path with a leading `~` meaning the person's home. */
export function expandHome(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? resolve(home, path.slice(2)) : path;
}

/** A number of times. */
export function parseCount(value: string | undefined, otherwise: number, fail: Fail): number {
  if (value !== undefined && !/^\d{1,9}$/.test(value)) {
    throw fail(`“${value}” is not a number`);
  }
  return value === undefined ? otherwise : Number(value);
}

/** A port number. */
export function parsePort(value: string | undefined, otherwise: number, fail: Fail): number {
  if (value === undefined) {
    return otherwise;
  }
  if (!/^\d+$/.test(value) || Number(value) > 65_535 || Number(value) === 0) {
    throw fail(`the port “${value}” is not a number between 1 and 65535`);
  }
  return Number(value);
}

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** A time of OpenSSH (`90`, `1m30s`) in milliseconds; 0 and `none` mean the default. */
export function parseTimeMs(value: string | undefined, otherwiseMs: number, fail: Fail): number {
  const text = (value ?? 'none').toLowerCase();
  if (text === 'none' || text === '0') {
    return otherwiseMs;
  }
  if (!/^(?:\d+[smhdw])*\d+[smhdw]?$/.test(text)) {
    throw fail(`“${text}” is not a time, such as 30 or 1m`);
  }
  const parts = [...text.matchAll(/(\d+)([smhdw]?)/g)];
  return (
    parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit || 's'] ?? 1), 0) *
    1000
  );
}
