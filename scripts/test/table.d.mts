import type { Counts } from './counts.mjs';

type Result = Counts & { name: string; seconds: number };
export function tableOf(results: Result[]): string[];
export function totalOf(results: Result[]): string;
