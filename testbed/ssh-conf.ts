import type { Layout } from './layout.ts';

/** The alias under which the written ssh configuration knows the testbed. */
export const SSH_ALIAS = 'sluice-testbed';

/** What the three ssh files depend on. */
export type SshConfInput = {
  layout: Layout;
  user: string;
  port: number;
  /** Where clients connect: sshd's own port, or that of the slow link to it. */
  clientPort: number;
  /** Variables of every session. */
  sessionEnvironment: Readonly<Record<string, string>>;
  knobLines: readonly string[];
  hasBanner: boolean;
  hasLoginScript: boolean;
};

/** The text of sshd_config. */
export function renderSshdConf(input: SshConfInput): string {
  const { layout, port, sessionEnvironment, knobLines, hasBanner, hasLoginScript } = input;
  // Debian's bash reads ~/.bashrc for a command over ssh, and only when SHLVL says that it is the
  // outermost shell. A person's own start-up file (pyenv, conda) must not decide what a test sees
  // or how long it takes; this skips it and leaves the person's files alone.
  const variables = { ...sessionEnvironment, SHLVL: '1' };
  const lines = [
    // sshd takes the first value of a keyword, so the knobs come first.
    ...knobLines,
    ...(hasBanner ? [`Banner ${layout.banner}`] : []),
    ...(hasLoginScript ? [`ForceCommand /bin/sh ${layout.loginScript}`] : []),
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${layout.hostKey}`,
    `PidFile ${layout.runDir}/sshd.pid`,
    `AuthorizedKeysFile ${layout.authorizedKeys}`,
    // The directory may lie below one that others can write to, such as /tmp.
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'Subsystem sftp internal-sftp',
    `SetEnv ${Object.entries(variables)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')}`
  ];
  return `${lines.join('\n')}\n`;
}

/** The text of the ssh client's configuration. */
export function renderSshConfig({ layout, user, clientPort }: SshConfInput): string {
  return `Host ${SSH_ALIAS}
  HostName 127.0.0.1
  Port ${clientPort}
  User ${user}
  IdentityFile ${layout.userKey}
  IdentitiesOnly yes
  UserKnownHostsFile ${layout.knownHosts}
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
`;
}

/** The line of known_hosts for a public host key such as `ssh-ed25519 AAAA… comment`. */
export function renderKnownHosts(port: number, publicKey: string): string {
  const [type, key] = publicKey.trim().split(/\s+/);
  return `[127.0.0.1]:${port} ${type} ${key}\n`;
}
