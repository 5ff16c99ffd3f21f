import type { WorkerLine } from '../../shared/wire/events';

function wordsOf(line: WorkerLine): string {
  switch (line.type) {
    case 'stream':
      return line.data.text;
    case 'error':
      return `${line.data.traceback.join('\n')}\n`;
    case 'execute_result':
    case 'display_data':
    case 'update_display_data': {
      const plain = line.data.data['text/plain'];
      return typeof plain === 'string' ? `${plain}\n` : '';
    }
    default:
      return '';
  }
}

/**
 * A line without a valid seal, as it is stored: its words as text and nothing else of it, so that
 * nobody takes it for a value, an end or a figure, and no page renders it.
 */
export function plainLine(line: WorkerLine): WorkerLine {
  const text = wordsOf(line) || `[an event “${line.type}” that bears no valid seal]\n`;
  const name = line.type === 'stream' ? line.data.name : 'stderr';
  return {
    seq: line.seq,
    at: line.at,
    unverified: true,
    type: 'stream',
    data: { name, text }
  };
}
