import { sizeWords } from '../../shared/size-words';
import type { Findings } from './ask-script';
import { type Consignment, consignmentOf } from './consignment';
import { askAgain, askHost, learnTrees, type Look } from './host-question';
import { changeFromNearest, inlineChange } from './inline-change';
import { type ArrivedPart, BAD_PART } from './receive-script';
import { sendLargeFile } from './send-large-file';
import type { Sending, Sent } from './send-options';
import { refuseWithoutRoom, sendRefusal } from './send-refusal';
import { sendSmallFiles } from './send-small-files';
import type { Parcel } from './shipment';
import { TransferProgress } from './transfer-progress';

const TRIES = 3;

/** Status of the receiving script: the tree to begin from is not what was thought. */
const BAD_BASE = 3;

type Count = Omit<Sent, 'said'>;

const NOTHING: Count = { files: 0, bytes: 0 };

/** Ask the host, and bring what it lacks, over one connection. */
export async function shipParcels(sending: Sending, parcels: readonly Parcel[]): Promise<Sent> {
  const inline = await inlineChange(sending, parcels);
  const look = await askHost(sending, parcels, inline?.script ?? '');
  const { missing, said } = look;
  const isMade = inline !== null && /^applied$/m.test(said);
  if (inline !== null && !isMade && missing.some(({ tree }) => tree !== undefined)) {
    sending.memory.forget(`snapshots/${inline.base}`);
  }
  const { files, bytes } = isMade ? inline : NOTHING;
  const more = missing.length === 0 ? NOTHING : await deliver(sending, look);
  return { files: files + more.files, bytes: bytes + more.bytes, said };
}

async function deliver(sending: Sending, { missing, findings }: Look): Promise<Count> {
  const hasTree = missing.some(({ tree }) => tree !== undefined);
  if (hasTree && findings.snapshots.length > 0) {
    await learnTrees(sending, findings.snapshots);
  }
  for (let attempt = 1; ; attempt += 1) {
    const now = attempt === 1 ? findings : await askAgain(sending, missing);
    const sent = await tryToDeliver(sending, missing, { findings: now, isLast: attempt === TRIES });
    if (sent !== null) {
      return sent;
    }
  }
}

/** Null: worth another try. */
async function tryToDeliver(
  sending: Sending,
  missing: readonly Parcel[],
  { findings, isLast }: { findings: Findings; isLast: boolean }
): Promise<Count | null> {
  const { memory, service } = sending;
  const { place = '', tree } = missing.find(parcel => parcel.tree !== undefined) ?? {};
  const change = tree === undefined ? null : changeFromNearest(sending, place, tree);
  const consignment = await consignmentOf({ missing, change, findings, tag: service.tag });
  const status = await ship(sending, consignment, { findings, isLast });
  if (status === BAD_BASE && change !== null) {
    memory.forget(`snapshots/${change.base.hash}`);
  }
  if (status !== 0) {
    return null;
  }
  missing.forEach(parcel => memory.noteThere(parcel.place, parcel.tree));
  const { files, lone, bytes } = consignment;
  return { files: files.length + lone.length, bytes };
}

/** Status 0: all is published. Another one: worth another try. */
async function ship(
  sending: Sending,
  consignment: Consignment,
  { findings, isLast }: { findings: Findings; isLast: boolean }
): Promise<number> {
  const { lone, bytes } = consignment;
  const doneBytes = lone.reduce((sum, { offset }) => sum + offset, 0);
  refuseWithoutRoom(sending, bytes - doneBytes, findings.roomBytes);
  const meter = newMeter(sending, consignment, doneBytes);
  const parts: ArrivedPart[] = [];
  for (const file of lone) {
    const part = await sendLargeFile(sending, file, { meter, isLast });
    if (part === null) {
      return BAD_PART;
    }
    parts.push(part);
  }
  const how = { parts, hasGzip: findings.hasGzip, meter };
  const result = await sendSmallFiles(sending, consignment, how);
  const isBadBase = result.status === BAD_BASE && consignment.delivery.base !== null;
  const isWorthMore = isBadBase || result.status === BAD_PART;
  if (result.status !== 0 && (isLast || !isWorthMore)) {
    throw sendRefusal(sending, result, bytes);
  }
  return result.status;
}

function newMeter(
  { progress: tell, service: { nowMs } }: Sending,
  { files, lone, bytes: totalBytes }: Consignment,
  doneBytes: number
): TransferProgress {
  const count = files.length + lone.length;
  tell(`sending ${count === 1 ? '1 file' : `${count} files`}, ${sizeWords(totalBytes)}`);
  return new TransferProgress({ verb: 'sending', totalBytes, doneBytes, tell, nowMs });
}
