export type Counts = { passed: number; failed: number; skipped: number };
export function fromJest(text: string): Counts;
export function fromPytest(text: string): Counts;
export function fromPlaywright(text: string): Counts;
export function judge(counts: Counts, status: number, skippedFail: boolean): Counts;
