/** `include` and `exclude` of one configuration file: patterns as in `.gitignore`. */
export type FileRule = {
  /** The folder that the patterns are relative to; absolute. */
  folder: string;
  include: readonly string[];
  exclude: readonly string[];
  /** The file that they come from, for a person. */
  source: string;
};

/** What people chose about data files, and where this machine has what configuration names. */
export type FileRules = {
  /** Of configuration files: site, user, project. */
  configured: readonly FileRule[];
  /** Of the request (`-i`): paths or patterns, relative to the notebook's folder. */
  asked: { include: readonly string[]; exclude: readonly string[] };
  /** `[targets.here.paths]`: what `sluice.path(name)` gives on this machine; absolute. */
  places: Readonly<Record<string, string>>;
  /** `[targets.<name>.paths]` of the target. */
  placesThere: Readonly<Record<string, string>>;
  /** What `~` means here; null: not known. */
  home: string | null;
};

/** Nothing chosen. */
export const NO_RULES: FileRules = {
  configured: [],
  asked: { include: [], exclude: [] },
  places: {},
  placesThere: {},
  home: null
};
