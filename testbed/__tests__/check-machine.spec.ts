import { describeMissing, hasOutsideAddress } from '../check-machine.ts';

describe('describeMissing', () => {
  it('names each package once, in one line', () => {
    expect(describeMissing(['munged', 'slurmctld', 'slurmd', 'rsync'], true)).toBe(
      'Missing here: munged, slurmctld, slurmd, rsync. ' +
        'Run: apt-get install --no-install-recommends munge slurm-wlm rsync'
    );
    expect(describeMissing(['sshd'], false)).toMatch(/Run: sudo apt-get .* openssh-server$/);
  });
});

describe('hasOutsideAddress', () => {
  const address = { address: '', netmask: '', mac: '', cidr: null };
  const loopback = { ...address, family: 'IPv4' as const, internal: true };

  it('wants an IPv4 address besides loopback', () => {
    const outside = { ...loopback, internal: false };
    const outside6 = { ...address, family: 'IPv6' as const, internal: false, scopeid: 0 };
    expect(hasOutsideAddress({ lo: [loopback] })).toBe(false);
    expect(hasOutsideAddress({ lo: [loopback], eth0: [outside6] })).toBe(false);
    expect(hasOutsideAddress({ lo: [loopback], eth0: [outside6, outside] })).toBe(true);
  });
});
