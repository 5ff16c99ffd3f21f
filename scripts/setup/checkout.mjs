import { join, resolve } from 'node:path';

/** The top of this checkout. */
export const root = resolve(import.meta.dirname, '../..');

/** A path below the checkout's top. */
export const at = (...parts) => join(root, ...parts);

/** The Python of the checkout's own environment. */
export const python = at('.venv/bin/python');

/** A program that the checkout's Python environment brings. */
export const inVenv = name => at('.venv/bin', name);

/** The environment for what runs out of this checkout: its own Python programs come first. */
export const checkoutEnv = (extra = {}) => ({
  ...process.env,
  PATH: `${at('.venv/bin')}:${process.env.PATH ?? ''}`,
  VIRTUAL_ENV: at('.venv'),
  ...extra
});
