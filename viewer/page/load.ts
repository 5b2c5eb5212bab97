/**
 * What is embedded in the page, as it was before it was packed: base64, then gzip, by what the browser brings.
 */

/** The bytes of an element of the page. Throws an Error in words for people. */
export async function embedded(element: Element): Promise<Uint8Array> {
  if (typeof DecompressionStream === 'undefined')
    throw new Error('This browser is too old to unpack the trace (it has no DecompressionStream): use one of 2023 or later.');
  const stream = new Blob([fromBase64(element.textContent ?? '')]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
