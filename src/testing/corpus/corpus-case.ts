/** Something that a case puts on disk before its cells run. */
export type CaseItem =
  | { kind: 'file' | 'site'; path: string; content: Buffer }
  | { kind: 'link'; path: string; target: string }
  | { kind: 'folder' | 'fifo'; path: string }
  /** That many bytes of nothing. */
  | { kind: 'size'; path: string; bytes: number }
  | { kind: 'mode'; path: string; mode: number }
  | { kind: 'extension' | 'bytecode'; path: string; source: string };

/** Something that happens on disk after the cells ran, before the capture. */
export type CaseChange =
  { kind: 'edit'; path: string; content: Buffer } | { kind: 'delete'; path: string };

/** What the bundle does in a fresh process. */
export type ExpectedRun =
  /** What the cell does here. */
  | { kind: 'same' }
  | { kind: 'fails'; with: string }
  | { kind: 'prints'; text: string }
  /** It does not get that far. */
  | { kind: 'refused' };

/** One list of the manifest that a case states in full. */
export const LISTS = [
  'modules',
  'files',
  'variables',
  'packages',
  'left out',
  'notes',
  'obstacles'
] as const;
export type ListName = (typeof LISTS)[number];

/** An item of a list: its words, and some of the reason's where the case states them. */
export type ExpectedItem = { item: string; reason: string | null };

/** A cell with all around it, and what is to be captured of that. */
export type CorpusCase = {
  /** `<area>/<name>`. */
  name: string;
  area: string;
  title: string;
  /** The rules that it is about. */
  rules: string[];
  /** The notebook's folder below the project. */
  cwd: string;
  /** The largest variable that travels, in bytes. */
  limit: number;
  before: string[];
  cell: string;
  items: CaseItem[];
  changes: CaseChange[];
  options: string;
  expected: Record<ListName, ExpectedItem[]>;
  /** The beginning of the manifest's hash; null: not stated. */
  manifest: string | null;
  runs: ExpectedRun;
};
