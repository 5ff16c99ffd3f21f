import { homedir } from 'node:os';
import { configPath, socketPathFor, statePath } from '../state-directory';

describe('the state directory', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ['the one that is named', { SLUICE_STATE: '/s' }, /^\/s$/],
    ['one below the base for state, for each host', { XDG_STATE_HOME: '/x' }, /^\/x\/sluice\/.+/],
    [
      'one in the home when the base is not absolute',
      { XDG_STATE_HOME: 'x' },
      RegExp(`^${homedir()}/`)
    ],
    ['one in the home when the base is empty', { XDG_STATE_HOME: '' }, RegExp(`^${homedir()}/`)]
  ])('is %s', (_, environment, expected) => {
    expect(statePath(environment)).toMatch(expected);
  });

  it('finds the configuration of the user', () => {
    expect(configPath({ SLUICE_CONFIG: '/c.toml', XDG_CONFIG_HOME: '/x' })).toBe('/c.toml');
    expect(configPath({ XDG_CONFIG_HOME: '/x' })).toBe('/x/sluice/config.toml');
    expect(configPath({})).toBe(`${homedir()}/.config/sluice/config.toml`);
  });

  it('keeps the socket’s path short enough for the system', () => {
    expect(socketPathFor('/s', {})).toBe('/s/socket');
    const long = `/${'x'.repeat(100)}`;
    const short = socketPathFor(long, { XDG_RUNTIME_DIR: '/run/user/7' });
    expect(short).toMatch(/^\/run\/user\/7\/sluice-[0-9a-f]{16}\.socket$/);
    expect(socketPathFor(`${long}y`, { XDG_RUNTIME_DIR: '/run/user/7' })).not.toBe(short);
  });
});
