import type { TaskEvent } from './wire/events';

/** Sequences that a terminal would act on. */
// eslint-disable-next-line no-control-regex -- they begin with a control character
const TERMINAL = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])/g;
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]/g;

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

/** The same for a log or a terminal: a mark stands before each line, so that none passes for the job's own. */
export function markedUnsealedText(event: TaskEvent): string {
  const text = (unsealedText(event) ?? '').replace(CONTROLS, '').replace(/\n$/, '');
  return text === '' ? '' : text.replace(/^/gm, '[without a valid seal] ') + '\n';
}

function bundleText(data: Readonly<Record<string, unknown>>): string {
  const text = data['text/plain'];
  return typeof text === 'string' ? text : `[${Object.keys(data).join(', ')}]`;
}

function plain(text: string): string {
  return text.replace(TERMINAL, '');
}
