import { homedir } from 'node:os';

/** The person's home, in which `.ssh` lies. */
export const homeOf = (env: NodeJS.ProcessEnv): string => env.HOME ?? homedir();
