import { noSiteRules, parseSiteRules } from '../site-rules';

describe('parseSiteRules', () => {
  it('reads what a site caps', () => {
    const text =
      'poll_seconds = 300\nmax_connection_minutes = 90\nbuild_place = "job"\nheld_nodes = 2\n';
    expect(parseSiteRules(text)).toEqual({
      rules: { pollSeconds: 300, maxConnectionMinutes: 90, buildPlace: 'job', heldNodes: 2 },
      problem: null
    });
  });

  it.each([
    ['', null],
    ['a_later_version = "knows this"\n', null],
    ['poll_seconds = \n', expect.any(String)],
    ['<html>', expect.any(String)]
  ])('caps nothing by %j', (text, problem: unknown) => {
    expect(parseSiteRules(text)).toEqual({ rules: noSiteRules, problem });
  });

  it('keeps what is right beside a slip, and names the slip', () => {
    const { rules, problem } = parseSiteRules('poll_seconds = "5 min"\nheld_nodes = false\n');
    expect(rules).toEqual({ ...noSiteRules, heldNodes: false });
    expect(problem).toMatch(/^poll_seconds: /);
  });
});
