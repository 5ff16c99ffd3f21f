// Each reader turns a runner's own report into {passed, failed, skipped}.

/** From `jest --json`. A file that could not be loaded has no tests to count: it is one failure. */
export function fromJest(text) {
  const report = JSON.parse(text);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests + report.numTodoTests
  };
}

/** From pytest's JUnit file. */
export function fromPytest(text) {
  const [head] = /<testsuite [^>]*>/.exec(text) ?? [];
  if (!head) {
    throw new Error('the report of pytest has no <testsuite>');
  }
  const count = name => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(head)?.[1] ?? Number.NaN);
  const failed = count('failures') + count('errors');
  const skipped = count('skipped');
  // An error in the teardown of a test that failed anyway makes one test count twice.
  return { passed: Math.max(0, count('tests') - failed - skipped), failed, skipped };
}

/** From Playwright's JSON. A test that passed only at a later try is no pass. */
export function fromPlaywright(text) {
  const { stats, errors } = JSON.parse(text);
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped
  };
}

/** Nothing may be green that did not run: no test at all, or a runner that failed, is a failure. */
export function judge({ passed, failed, skipped }, status, skippedFail) {
  const failures = failed + (skippedFail ? skipped : 0);
  const hasHidden = failures === 0 && (status !== 0 || passed + skipped === 0);
  return { passed, failed: hasHidden ? 1 : failures, skipped };
}
