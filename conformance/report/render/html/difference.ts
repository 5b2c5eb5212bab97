/**
 * Where what was expected and what was received begin to differ. Both are text for people: an expectation names the message
 * and, in parentheses, what its fields have to be, `the line 'a' (line, text a)`; what was received is told by its fields
 * alone, `line, text b, length 1 [62]`.
 * Lacks: an opinion where the two are not of the same form, such as an end instead of a message.
 */

/** Both may be marked from there on; `length` 0 is the end of the text. */
export interface Difference {
  readonly expected: Span;
  readonly received: Span;
}
export interface Span {
  readonly at: number;
  readonly length: number;
}

/** The name of the first field that is not as it should be. */
export const differingField = (expected: string, received: string): string | undefined => differing(expected, received)?.name;

export const firstDifference = (expected: string, received: string): Difference | undefined => differing(expected, received)?.difference;

function differing(expected: string, received: string): { readonly name: string; readonly difference: Difference } | undefined {
  // One description among several says nothing about which of them it should have been.
  const described = [...expected.matchAll(DESCRIBED)];
  const [only] = described;
  if (only === undefined || described.length > 1) return undefined;
  const [type = '', ...wanted] = (only[1] ?? '').split(', ');
  const fields = `, ${received.replace(BYTES, '')}`;
  if (received !== type && !received.startsWith(`${type}, `)) return undefined;
  let from = only.index + 1 + type.length;
  for (const want of wanted) {
    from += 2;
    const [name = ''] = want.split(' ', 1);
    const value = want.slice(name.length + 1);
    const at = fields.indexOf(`, ${name} `);
    if (at < 0 || VAGUE.test(value)) return undefined;
    const found = valueAt(fields, at + name.length + 3);
    if (found !== value) return { name, difference: spans(value, found, from + name.length + 1, at + name.length + 1) };
    from += want.length;
  }
  return undefined;
}

const DESCRIBED = /\(((?:[^()]|\([^()]*\))*)\)/g;
/** The bytes of a message, at the end of what was received. */
const BYTES = / \[[0-9a-f]*(?:… \d+ bytes)?\]$/;
/** More than one value would do. */
const VAGUE = / or |^at least |^any$|^host:port$/;

/** Up to the next field, as far as text can tell. */
function valueAt(fields: string, from: number): string {
  const next = /, [\w-]+ /g;
  next.lastIndex = from;
  return fields.slice(from, next.exec(fields)?.index);
}

/** `at` of received is in `fields`, which begins with two characters more than the text. */
function spans(value: string, found: string, expectedAt: number, receivedAt: number): Difference {
  let same = 0;
  while (same < value.length && same < found.length && value[same] === found[same]) same += 1;
  // Not between the halves of a character beyond U+FFFF.
  if (same > 0 && /[\ud800-\udbff]/.test(value[same - 1] ?? '')) same -= 1;
  return {
    expected: { at: expectedAt + same, length: value.length - same },
    received: { at: receivedAt + same, length: found.length - same },
  };
}
