import { canMove, isTerminal, type Phase, PHASES, publicPhase, TRANSITIONS } from '../phases';

describe('the task machine', () => {
  it('reaches every phase from the first', () => {
    const reached = new Set<Phase>(['preparing']);
    for (const phase of reached) {
      TRANSITIONS[phase].forEach(next => reached.add(next));
    }
    expect([...reached].sort()).toEqual([...PHASES].sort());
  });

  it('leads from every phase to an end', () => {
    const ends = PHASES.filter(isTerminal);
    expect(ends).toEqual([
      'completed',
      'failed',
      'canceled',
      'timed-out',
      'out-of-memory',
      'node-failed'
    ]);
    for (const phase of PHASES.filter(p => !isTerminal(p))) {
      expect(ends.some(end => canMove(phase, end))).toBe(true);
    }
  });

  it('never leaves an end', () => {
    for (const end of PHASES.filter(isTerminal)) {
      expect(PHASES.filter(next => canMove(end, next))).toEqual([]);
    }
  });

  it('keeps the public word that was last certain while the phase is unknown', () => {
    expect(publicPhase('unknown', 'running')).toBe('running');
    expect(publicPhase('preempted', 'running')).toBe('pending');
    expect(publicPhase('out-of-memory', 'running')).toBe('failed');
  });
});
