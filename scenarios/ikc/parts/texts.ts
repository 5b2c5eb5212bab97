/**
 * JSON as Perl has it: all scalars are text.
 */
export function textsOf(json: unknown): unknown {
  if (json === null) return null;
  if (Array.isArray(json)) return json.map(textsOf);
  if (typeof json === 'object') return Object.fromEntries(Object.entries(json).map(([key, each]) => [key, textsOf(each)]));
  if (typeof json === 'boolean') return json ? '1' : '';
  return String(json);
}
