import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import type { ShippedFile } from './shipment';

const SAMPLES = 8;
const SAMPLE_BYTES = 8192;
/** Of less gain, compressing takes longer than sending on a fast link. */
const MOST_REST = 0.6;

const compress = promisify(deflateRaw);

async function beginningOf({ content }: ShippedFile): Promise<Buffer> {
  if (Buffer.isBuffer(content)) {
    return content.subarray(0, SAMPLE_BYTES);
  }
  try {
    const file = await open(content.path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    // Whoever reads all of it tells what is wrong with it.
    return Buffer.alloc(0);
  }
}

/** Whether these become much less when compressed: judged by the beginnings of some large ones. */
export async function isWorthGzip(files: readonly ShippedFile[]): Promise<boolean> {
  const bySize = [...files].sort((a, b) => b.bytes - a.bytes);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const marks = Array.from({ length: SAMPLES }, (_, index) => ((index + 0.5) * total) / SAMPLES);
  const picked = new Set<ShippedFile>();
  let passed = 0;
  for (const file of bySize) {
    passed += file.bytes;
    while ((marks[0] ?? Infinity) < passed) {
      marks.shift();
      picked.add(file);
    }
  }
  const sample = Buffer.concat(await Promise.all([...picked].map(beginningOf)));
  return (await compress(sample, { level: 1 })).length < sample.length * MOST_REST;
}
