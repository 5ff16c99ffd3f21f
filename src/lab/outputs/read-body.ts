import type { PartialJSONValue } from '@lumino/coreutils';
import type { Spilled } from '../../shared/wire/events';

const CHUNK = 32_768;

/** A representation as a notebook holds it, from the bytes that the service sends. */
export async function readBody(
  response: Pick<Response, 'text' | 'arrayBuffer'>,
  form: Spilled['form']
): Promise<PartialJSONValue> {
  switch (form) {
    case 'text':
      return response.text();
    case 'json':
      return JSON.parse(await response.text()) as PartialJSONValue;
    case 'base64':
      return toBase64(new Uint8Array(await response.arrayBuffer()));
  }
}

function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
  }
  return btoa(parts.join(''));
}
