// pip's settings that uv knows under other names. Where pip is told about a mirror, uv needs it too.
const settings = {
  'index-url': 'UV_DEFAULT_INDEX',
  'extra-index-url': 'UV_INDEX',
  'find-links': 'UV_FIND_LINKS',
  cert: 'SSL_CERT_FILE'
};

/** uv's environment variables for the lines that `pip config list` prints. */
export function uvEnvFrom(pipConfigList) {
  const env = {};
  // Sorted backwards, pip's own environment variables (:env:) come last and win, as they do for pip.
  for (const line of pipConfigList.split('\n').sort().reverse()) {
    const [, name, quoted] = /^[^.]*\.([\w-]+)='(.*)'$/.exec(line) ?? [];
    if (name in settings && quoted) {
      const separator = name === 'find-links' ? ',' : ' ';
      env[settings[name]] = quoted
        .split(/\\n|\s+/)
        .filter(Boolean)
        .join(separator);
    }
  }
  return env;
}
