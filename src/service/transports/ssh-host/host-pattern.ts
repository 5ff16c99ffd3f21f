/** Whether a text matches a pattern of OpenSSH: `*` is any text, `?` any one character. */
export function matchesPattern(text: string, pattern: string): boolean {
  const source = [...pattern]
    .map(char => {
      if (char === '*') {
        return '[^]*';
      }
      return char === '?' ? '[^]' : char.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`, 'u').test(text);
}

/** Whether a text matches one of the patterns and none of the negated (`!`) ones. */
export function matchesPatternList(text: string, patterns: readonly string[]): boolean {
  let isMatch = false;
  for (const pattern of patterns) {
    if (!pattern.startsWith('!')) {
      isMatch ||= matchesPattern(text, pattern);
    } else if (matchesPattern(text, pattern.slice(1))) {
      return false;
    }
  }
  return isMatch;
}
