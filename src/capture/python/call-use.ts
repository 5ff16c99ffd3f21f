import type { PathUseKind } from './path-use';

/** A call as its text tells it. */
export type CallWords = {
  /** Such as `pd.read_csv`, without blanks. */
  callee: string;
  /** `read_csv` */
  last: string;
  isMethod: boolean;
  /** A constant argument; null: it is given, but no constant; undefined: it is not given. */
  constant: (position: number, keyword: string) => string | null | undefined;
};

/** Calls that only write what their path names. */
const WRITERS =
  /^(?:to_\w+|save\w*|dump\w*|imsave|imwrite|write_\w+|mkdir|makedirs|touch|unlink|remove|rmtree|rmdir|removedirs|FileHandler|RotatingFileHandler|TimedRotatingFileHandler|SummaryWriter|VideoWriter|ParquetWriter|PdfPages|ExcelWriter|TensorBoardLogger|CSVLogger)$/;

/** `savefig(x)`, but not `save_path(x)` of a person; `to_datetime` and such take no paths. */
const NO_WRITERS = /^(?:to_datetime|to_numeric|to_device|to_thread|to_timedelta)$/;

const READERS =
  /^(?:read\w*|load\w*|genfromtxt|fromfile|imread|open_\w+|from_file|from_json|from_csv|from_yaml|parse|parse_file|iterparse|get_data|open_text|open_binary|mimread|imopen|ParquetFile|ExcelFile|AudioSegment|decode_image|read_file|input|FileInput)$/;

/** Calls that open by a mode, which is by default to read. */
const MODED =
  /^(?:open|File|Dataset|ZipFile|TarFile|GzipFile|BZ2File|LZMAFile|HDFStore|FileIO|memmap|open_memmap|AtomicFile)$/;

/** Calls that read a folder with all that is in it, when it is one. */
const TREES =
  /^(?:ImageFolder|DatasetFolder|FakeFolder|from_pretrained|load_from_disk|load_model|load_dataset|SentenceTransformer|pipeline|read_parquet|read_delta|open_zarr|open_group|open_consolidated|image_dataset_from_directory|text_dataset_from_directory|audio_dataset_from_directory|flow_from_directory|copytree|make_archive|walk|fwalk|PyFileSystemLoader|FileSystemLoader|saved_model|dataset|ParquetDataset|scan_parquet)$/;

const SILENT =
  /^(?:print|pprint|display|info|debug|warning|warn|error|exception|critical|startswith|endswith|split|rsplit|getLogger|import_module|__import__|find_spec|getattr|setattr|hasattr|isinstance|set_title|suptitle|set_xlabel|set_ylabel|xlabel|ylabel|title|legend|markdown|Markdown|echo|add_subparsers|add_parser|TypeVar|namedtuple)$|(?:Error|Exception|Warning)$/;

const SHELLS =
  /^(?:os\.(?:system|popen)|(?:subprocess\.)?(?:run|call|Popen|check_call|check_output|getoutput|getstatusoutput)|(?:\w+\.)?(?:system|getoutput|create_subprocess_shell))$/;

const COPIES =
  /^(?:shutil\.)?(?:copy|copy2|copyfile|copytree|move)$|^os\.(?:rename|renames|replace|link|symlink)$/;

/** What a call does with the path at a position, or under a keyword. */
export function callUse(words: CallWords, position: number, keyword: string | null): PathUseKind {
  const { callee, last } = words;
  if (callee === 'glob' || /(?:^|\.)i?glob$/.test(callee)) {
    return globUse(position, keyword);
  }
  if (COPIES.test(callee) || callee.startsWith('shutil.move')) {
    const isSource = position === 0 || keyword === 'src';
    return isSource ? (last === 'copytree' ? 'tree' : 'read') : 'written';
  }
  if (SHELLS.test(callee)) {
    return position === 0 || keyword === 'args' ? 'shell' : 'unknown';
  }
  if (MODED.test(last)) {
    return modedUse(words, position, keyword);
  }
  if (/^(?:os\.|contextlib\.)?chdir$/.test(callee)) {
    return 'entered';
  }
  if (/^(?:os\.)?(?:listdir|scandir)$/.test(callee)) {
    return 'listed';
  }
  return namedUse(last, keyword);
}

function namedUse(last: string, keyword: string | null): PathUseKind {
  if (TREES.test(last)) {
    return 'tree';
  }
  if (SILENT.test(last)) {
    return 'ignored';
  }
  if (last === 'add_argument' || last === 'option') {
    return keyword === 'default' ? 'unknown' : 'ignored';
  }
  if (WRITERS.test(last) && !NO_WRITERS.test(last)) {
    return 'written';
  }
  return READERS.test(last) ? 'read' : 'unknown';
}

function globUse(position: number, keyword: string | null): PathUseKind {
  return position === 0 || keyword === 'pathname' ? 'glob' : 'ignored';
}

function modedUse(words: CallWords, position: number, keyword: string | null): PathUseKind {
  // `Path(…).open(mode)` has no path among its arguments; `open` of a module has.
  const { callee, last, isMethod } = words;
  const isOwn = isMethod && callee === 'open';
  const mode = words.constant(isOwn ? 0 : last === 'memmap' ? 2 : 1, 'mode');
  const isPath = isOwn || position === 0 || (keyword !== null && keyword !== 'mode');
  if (!isPath) {
    return 'ignored';
  }
  if (typeof mode !== 'string') {
    return 'read';
  }
  // `+` with `w` begins anew, too.
  return /^[bt]?[wx]/.test(mode) ? 'written' : /^[bt]?a/.test(mode) ? 'appended' : 'read';
}
