/** An answer as the page reads one; jsdom has none of its own. */
export function fakeResponse(
  body: string | Uint8Array,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {}
): Response {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return {
    status,
    headers: { get: (name: string) => headers[name.toLowerCase()] ?? null },
    text: async () => new TextDecoder().decode(bytes),
    arrayBuffer: async () => bytes.slice().buffer
  } as unknown as Response;
}

/** A part of a log, as the service answers for a range. */
export function logAnswer(
  log: Uint8Array,
  { start, end }: { start: number; end?: number }
): Response {
  const last = Math.min(end ?? log.length - 1, log.length - 1);
  const headers = (range: string) => ({ 'content-range': `bytes ${range}/${log.length}` });
  return start > last
    ? fakeResponse('', { status: 416, headers: headers('*') })
    : fakeResponse(log.subarray(start, last + 1), {
        status: 206,
        headers: headers(`${start}-${last}`)
      });
}
