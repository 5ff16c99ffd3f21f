import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { at } from './checkout.mjs';
import { say } from './say.mjs';

const path = at('build/setup.lock');

/** Takes the lock file in one step together with our pid in it, so that nobody reads it empty. */
function take() {
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') {
      throw error;
    }
    return false;
  } finally {
    rmSync(mine);
  }
}

/** The pid of a live holder, or undefined when the lock is free or its holder is gone. */
function liveHolder() {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return error.code === 'EPERM' ? 'of another user' : undefined;
  }
}

/** Runs the body while no other command sets up the same checkout. */
export async function withSetupLock(body) {
  mkdirSync(at('build'), { recursive: true });
  for (let told = false; !take(); told = true) {
    const holder = liveHolder();
    if (holder === undefined) {
      rmSync(path, { force: true });
      continue;
    }
    if (!told) {
      say(`waiting for the set-up that process ${holder} is doing`);
    }
    await delay(500);
  }
  try {
    return await body();
  } finally {
    rmSync(path, { force: true });
  }
}
