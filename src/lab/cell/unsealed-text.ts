import type { TaskEvent } from '../../shared/wire/events';

/** Sequences that a terminal would act on. */
// eslint-disable-next-line no-control-regex -- they begin with a control character
const TERMINAL = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])/g;

/**
 * What of an event without a valid seal is shown: its text. Never what a browser or a kernel would
 * act on, and nothing that would change or remove what the job itself has shown. Null: nothing.
 */
export function unsealedText(event: TaskEvent): string | null {
  switch (event.type) {
    case 'stream':
      return plain(event.data.text);
    case 'error':
      return plain([...event.data.traceback, ''].join('\n'));
    case 'display_data':
    case 'update_display_data':
    case 'execute_result':
      return plain(`${bundleText(event.data.data)}\n`);
    case 'clear_output':
    case 'started':
    case 'metric':
    case 'variable':
    case 'file':
    case 'files':
    case 'rehearsal':
    case 'overflow':
    case 'notice':
    case 'finished':
      return null;
  }
}

function bundleText(data: Readonly<Record<string, unknown>>): string {
  const text = data['text/plain'];
  return typeof text === 'string' ? text : `[${Object.keys(data).join(', ')}]`;
}

function plain(text: string): string {
  return text.replace(TERMINAL, '');
}
