import { shQuote } from '../../shared/sh-quote';

/**
 * The marks around what a script writes. They do not begin with a newline: a reader has to hold
 * back what may be the beginning of a mark, and must never hold back the end of a line.
 */
export const beginMark = (nonce: string): string => `${nonce} begin `;
export const endMark = (nonce: string): string => `${nonce} end `;

/**
 * The text that runs a script between marks, on stdout and on stderr.
 *
 * It is one compound command: sh has read all of it before it prints the first mark, and reads no
 * more from stdin afterwards, so what is sent after that mark is the script's alone. `eval` in a
 * subshell keeps an `exit` or a syntax error of the script from ending the wrapper. The newline
 * before the script keeps one that begins with `-` from being taken for an option. A script without
 * data gets its end of file here, so that the channel stays open for a signal.
 */
export function frameScript(script: string, nonce: string, hasData: boolean): string {
  return [
    // What the person's own umask and locale were, for what a script starts on their behalf.
    '{ sluice_own_umask=$(umask); umask 077; sluice_lc_all=${LC_ALL-}; LC_ALL=C; export LC_ALL',
    `printf '%s begin %s\\n' ${nonce} 0 >&2`,
    `printf '%s begin %s\\n' ${nonce} "$$"`,
    `( eval ${shQuote(`\n${script}\n`)} )${hasData ? '' : ' </dev/null'}`,
    `printf '%s end %s\\n' ${nonce} "$?"`,
    `printf '%s end %s\\n' ${nonce} 0 >&2`,
    'exit 0; }\n'
  ].join('\n');
}
