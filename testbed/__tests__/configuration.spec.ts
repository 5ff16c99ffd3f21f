import { layoutOf } from '../layout.ts';
import { isMounted } from '../root-disk.ts';
import { renderExports, renderSluiceConfig } from '../sluice-config.ts';
import { parseNodeStates } from '../slurm-commands.ts';
import { parseSlurmMajorVersion, renderCgroupConf } from '../slurm-conf.ts';
import { defaultDirectory } from '../testbed.ts';
import { parse } from 'smol-toml';

describe('the Sluice configuration', () => {
  it('has both targets, and quotes what needs it', () => {
    const text = renderSluiceConfig(layoutOf('/tb', '/tb'), '/a "b"/é/python');
    const shared = {
      scheduler: 'slurm',
      root: '/tb/cluster',
      python: '/a "b"/é/python',
      environment: 'none',
      trust: 'outputs'
    };
    expect(parse(text)).toEqual({
      default: 'testbed',
      targets: {
        testbed: { ...shared, host: 'sluice-testbed', ssh_config: '/tb/ssh/config' },
        'testbed-login': shared
      }
    });
  });
});

describe('renderExports', () => {
  it('quotes for a shell', () => {
    expect(renderExports({ A: "it's $HOME" })).toBe("export A='it'\\''s $HOME'\n");
  });
});

describe('cgroup.conf', () => {
  it('follows the version that slurmd names', () => {
    expect(parseSlurmMajorVersion('slurm-wlm 22.05.8')).toBe(22);
    expect(parseSlurmMajorVersion('slurmd: nothing')).toBeUndefined();
    expect(renderCgroupConf(22)).toBe('CgroupPlugin=cgroup/v1\n');
    expect(renderCgroupConf(24)).toBe('CgroupPlugin=disabled\n');
  });
});

describe('parseNodeStates', () => {
  it('takes a node of several partitions once', () => {
    const states = parseNodeStates('node1 idle\nnode1 idle\nnode2 down*\n\n');
    expect([...states]).toEqual([
      ['node1', 'idle'],
      ['node2', 'down*']
    ]);
  });
});

describe('defaultDirectory', () => {
  it('follows the variables in their order', () => {
    expect(defaultDirectory({ SLUICE_TESTBED_DIR: '/x', XDG_STATE_HOME: '/s' })).toBe('/x');
    expect(defaultDirectory({ XDG_STATE_HOME: '/s' })).toBe('/s/sluice-testbed');
    expect(defaultDirectory({})).toMatch(/\/\.local\/state\/sluice-testbed$/);
  });
});

describe('what the faults rest on', () => {
  it('a disk is known by its own place, not by one below or above', () => {
    const mountinfo = '36 35 0:32 / /tb/cluster rw - tmpfs x rw\n37 35 0:33 / /tb rw - ext4 y rw\n';
    expect(isMounted(mountinfo, '/tb/cluster')).toBe(true);
    expect(isMounted(mountinfo, '/tb/cluster/runs')).toBe(false);
  });

  it('memory is limited by the kernel only where that is asked for', () => {
    expect(renderCgroupConf(22, true)).toContain('ConstrainRAMSpace=yes');
    expect(renderCgroupConf(22)).not.toContain('Constrain');
  });
});
