import type { TaskFile } from '../../shared/wire/files';

export type FileKind = TaskFile['kind'];

const EXTENSIONS: Readonly<Record<Exclude<FileKind, 'other'>, string>> = {
  picture: 'png jpg jpeg gif svg webp bmp tif tiff pdf eps ps ico',
  table: 'csv tsv parquet feather arrow xlsx xls ods',
  log: 'log out err',
  text: 'txt md rst json jsonl ndjson yaml yml toml ini cfg xml tex bib html htm geojson',
  checkpoint:
    'pt pth ckpt safetensors h5 hdf5 keras pkl pickle joblib npy npz onnx pb gguf bin msgpack',
  archive: 'zip tar gz tgz bz2 xz zst 7z'
};

const BY_EXTENSION = new Map(
  Object.entries(EXTENSIONS).flatMap(([kind, names]) =>
    names.split(' ').map((name): [string, FileKind] => [name, kind as FileKind])
  )
);

/** What a program may run by itself, or a person by mistake: it comes only when it is asked for. */
const CODE = new Set(
  (
    'py pyi pyc pyd pyx ipynb so dylib dll exe sh bash zsh fish csh bat cmd ps1 js mjs cjs ts ' +
    'pl rb r jl lua desktop command app jar'
  ).split(' ')
);

function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.includes('.') ? name.slice(name.lastIndexOf('.') + 1).toLowerCase() : '';
}

/** What a file is, by its name alone. */
export function kindOf(path: string): FileKind {
  const extension = extensionOf(path);
  // TensorBoard writes its logs under names of its own.
  return /(?:^|\/)events\.out\.tfevents\./.test(path)
    ? 'log'
    : (BY_EXTENSION.get(extension) ?? 'other');
}

/** Whether a file is code, which comes home only when a person asks for it. */
export function isCode(path: string): boolean {
  return CODE.has(extensionOf(path));
}
