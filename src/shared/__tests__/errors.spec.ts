import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ErrorCode, ERRORS, SluiceError } from '../errors';

const page = resolve(__dirname, '../../../docs/errors.md');

/** The page that lists every error; `UPDATE_DOCS=1` writes it anew. */
function renderPage(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { message, hint, retry }]) =>
      `### ${code}\n\n${message}\n\n*What to do:* ${hint}${retry ? ' Trying again later may help.' : ''}\n`
  );
  const intro =
    'Every error of Sluice has a code that stays the same, and says in words what happened and what\n' +
    'to do next. `{…}` stands for what it was about.\n';
  return `# Errors\n\n${intro}\n${rows.join('\n')}`;
}

describe('the table of errors', () => {
  it('is what the documentation lists', () => {
    if (process.env['UPDATE_DOCS'] === '1') {
      writeFileSync(page, renderPage());
    }
    expect(readFileSync(page, 'utf8')).toBe(renderPage());
  });

  it.each([
    ['curnagl', 'ssh curnagl'],
    ['me@site.org', 'ssh me@site.org'],
    ['me@site.org:2222', 'ssh -p 2222 me@site.org'],
    ['me@[::1]:2222', 'ssh -p 2222 me@::1'],
    ['::1', 'ssh ::1']
  ])('names a command that ssh understands for %s', (host, command) => {
    const { hint } = new SluiceError('authentication-refused', { host });
    expect(hint).toContain(`\`${command}\``);
  });

  it('fills message and hint from the details', () => {
    const error = new SluiceError('target-unknown', { target: 'x', known: 'here', path: 'c.toml' });
    expect(error.toProblem()).toMatchObject({
      code: 'target-unknown',
      message: 'There is no target named “x”.',
      hint: 'Use one of: here. Targets are defined in c.toml; `sluice doctor x` makes one of a host of your SSH configuration.',
      retry: false
    });
  });

  it.each(Object.keys(ERRORS) as ErrorCode[])(
    '%s says what to do, with a status of its kind',
    code => {
      const { message, hint, status } = ERRORS[code];
      expect(message).toMatch(/[.:}]$/);
      expect(hint).toMatch(/[.]$/);
      expect(status).toBeGreaterThanOrEqual(400);
    }
  );
});
