/**
 * JSON texts, each with a size: what they are as the params of a call, and as the params of its answer.
 */
import { few, letters } from './pieces.ts';

type Written = readonly [sent: string, back: string];
const as = (text: string): Written => [text, text];
const nested = (open: string, close: string, count: number, inner: string): string => open.repeat(count) + inner + close.repeat(count);

export const JSON_PIECES: Readonly<Record<string, (size: number) => Written>> = {
  null: () => as('null'),
  true: () => as('true'),
  false: () => as('false'),
  'a number': size => as(String(size)),
  'a negative number': size => as(`-${size + 1}`),
  'a fraction': size => as(`${size}.25`),
  'a large number': size => as(['1e+21', '2147483648', '-2147483649', '9007199254740991', '1.5e-7'][size % 5] ?? ''),
  'a number with an exponent': () => ['12e2', '1200'],
  'letters of a text': size => as(`"${letters(size)}"`),
  'characters of a text': size => as(`"${'€é😀'.repeat(few(size))}"`),
  'escapes of a text': () => as('"\\u0000\\u001f\\"\\\\\\n\\t\\ud800x"'),
  'escapes that nobody needs': () => ['"\\u0041\\/\\u20ac"', '"A/€"'],
  'brackets in a text': size => as(`"${'[{'.repeat(600 + few(size))}"`),
  'quotes in a text': size => as(`["${'\\"['.repeat(1_100)}${'\\\\'.repeat(few(size))}",1]`),
  'a list': size => as(`[${Array.from({ length: few(size) }, (_, index) => index).join(',')}]`),
  'a list with blanks': () => [' [ 1 ,\n\t2 , [ ] ] ', '[1,2,[]]'],
  'a list of all': () => as('[null,true,false,0,"",[],{},{"a":[{"b":null}]}]'),
  'a record': size => as(`{${Array.from({ length: few(size) }, (_, index) => `"k${index}":${index}`).join(',')}}`),
  'a record with a key twice': () => ['{"a":1,"b":2,"a":3}', '{"a":3,"b":2}'],
  'keys of any characters': size => as(`{"":1,"\\"":2,"€":3,"k${letters(size)}":4}`),
  'lists in lists': size => as(nested('[', ']', few(size), '1')),
  'as many lists as may be': () => as(nested('[', ']', 999, '')),
  'records in records': size => as(nested('{"a":', '}', few(size), 'null')),
};

/** Of these there is an error. */
export const JSON_REFUSED: Readonly<Record<string, string>> = {
  'too many lists': nested('[', ']', 1_000, ''),
  'a list that is not ended': '[1,2',
  'a record without a value': '{"a"}',
  'a comma too many': '[1,]',
  'a word': 'undefined',
  'a text that is not ended': '"abc',
  'a line in a text': '"a\nb"',
};
