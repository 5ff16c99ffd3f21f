export type Row = {
  suite: string;
  point: string;
  trials: number;
  counts: Record<string, number>;
};
export function readRows(text: string): Row[];
export function bySuite(rows: Row[]): Map<string, Row[]>;
export function tableOf(rows: Row[]): string;
export function withTables(document: string, tables: Map<string, string>): string;
