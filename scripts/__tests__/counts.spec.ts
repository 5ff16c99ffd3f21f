import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromJest, fromPlaywright, fromPytest, judge } from '../test/counts.mjs';
import { tableOf, totalOf } from '../test/table.mjs';

const fixture = (name: string): string => readFileSync(join(__dirname, 'fixtures', name), 'utf8');

describe('counts from reports', () => {
  it('take tests and files that could not load from jest', () => {
    expect(fromJest(fixture('jest.json'))).toEqual({ passed: 3, failed: 2, skipped: 2 });
  });

  it('take failures and errors from pytest', () => {
    expect(fromPytest(fixture('pytest.xml'))).toEqual({ passed: 4, failed: 2, skipped: 1 });
  });

  it('refuse a report of pytest that says nothing', () => {
    expect(() => fromPytest('<testsuites></testsuites>')).toThrow('no <testsuite>');
  });

  it('count a flaky test and a broken set-up of Playwright as failures', () => {
    expect(fromPlaywright(fixture('playwright.json'))).toEqual({
      passed: 5,
      failed: 3,
      skipped: 1
    });
  });
});

describe('the judgement on a suite', () => {
  const green = { passed: 2, failed: 0, skipped: 1 };

  it('leaves skipped tests out where somebody may look at them', () => {
    expect(judge(green, 0, false)).toEqual({ passed: 2, failed: 0, skipped: 1 });
  });

  it('counts skipped tests as failed where nobody looks', () => {
    expect(judge(green, 0, true)).toEqual({ passed: 2, failed: 1, skipped: 1 });
  });

  it('fails a runner that failed without a failed test', () => {
    expect(judge(green, 1, false).failed).toBe(1);
  });

  it('fails a suite without a test', () => {
    expect(judge({ passed: 0, failed: 0, skipped: 0 }, 0, false).failed).toBe(1);
  });
});

describe('the summary', () => {
  const results = [
    { name: 'lab', passed: 2, failed: 0, skipped: 1, seconds: 3.2 },
    { name: 'node', passed: 40, failed: 1, skipped: 0, seconds: 61 }
  ];

  it('is one plain line', () => {
    expect(totalOf(results)).toBe('42 passed, 1 failed');
  });

  it('is a table with a row for each suite', () => {
    expect(tableOf(results)).toEqual([
      'suite      passed   failed  skipped  seconds',
      'lab             2        0        1        3',
      'node           40        1        0       61'
    ]);
  });
});
