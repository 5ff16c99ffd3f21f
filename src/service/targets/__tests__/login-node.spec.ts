import { TargetBook } from '../target-book';

const book = (hasController: boolean, inAllocation: boolean): TargetBook =>
  new TargetBook({
    sitePath: '/nowhere/site.toml',
    userPath: '/nowhere/user.toml',
    hereRoot: '/state/here',
    hasController: () => Promise.resolve(hasController),
    inAllocation
  });

describe('a login node', () => {
  it.each([
    [true, false, true],
    [true, true, false],
    [false, false, false]
  ])('controller %s, allocation %s: %s', async (hasController, inAllocation, expected) => {
    expect(await book(hasController, inAllocation).isLoginNode()).toBe(expected);
  });
});
