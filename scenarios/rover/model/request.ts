/**
 * R2 AND R3, a second time: what is wrong with the bytes of a connection, as far as they have come, and what is said of it. Where several things
 * are wrong, each may be told; where the text leaves something open, both are right.
 * Lacks: order (stream.ts), and what a command does (commands.ts).
 */
import { printable } from '../../../src/host/bytes.ts';
import { headEnd, type Tokens, tokensIn } from '../parts/messages.ts';

const HEADER_BYTES = 16_384;
const FIELDS = 64;
const BODY_BYTES = 1_048_576;
const PAIRS = 64;
const FORM = 'application/x-www-form-urlencoded';

/** Made when it is asked for: most are not. */
export type Sentence = () => string;

export interface Reading {
  /** Statuses with which it may be refused, each with what may be said of it; nothing: whatever it is. */
  readonly wrong: ReadonlyMap<number, readonly Sentence[]>;
  /** There is no other way. */
  readonly certain: boolean;
  /** When all of it has come. */
  readonly tokens: Tokens | undefined;
  /** With fewer bytes than these it cannot be whole. */
  readonly least: number;
  /** It waits for leave to send its body. */
  readonly waits: boolean;
}

class Wrong {
  readonly statuses: Map<number, readonly Sentence[]> = new Map();
  certain = false;

  say(status: number, why: Sentence, certain = true): void {
    this.statuses.set(status, [...(this.statuses.get(status) ?? []), why]);
    this.certain ||= certain;
  }
}

/** `text`: one character a byte. `ended`: the peer sends no more. `late`: the time of a request is over. */
export function readingOf(text: string, ended: boolean, late: boolean): Reading {
  const wrong = new Wrong();
  const end = /^\r?\n/.exec(text)?.[0].length ?? headEnd(text);
  const head = end === undefined ? undefined : text.slice(0, end);
  const lines = (head ?? text)
    .split('\n')
    .slice(0, -1)
    .map(line => line.replace(/\r$/, ''));
  if ((head?.length ?? text.length + 1) > HEADER_BYTES) wrong.say(431, () => `a header of more than ${HEADER_BYTES} bytes`);
  const length = headerOf(lines, head !== undefined, wrong);
  const waits =
    wrong.statuses.size === 0 &&
    /\nexpect:[ \t]*100-continue[ \t]*\r?\n/i.test(head ?? '') &&
    / HTTP\/1\.0\r?\n/.test(head ?? '') === false;
  const least = head === undefined ? text.length + 1 : head.length + (length ?? 0);
  const none = { wrong: wrong.statuses, tokens: undefined, least, waits };
  const have = text.length - (head?.length ?? text.length);
  const isWhole = head !== undefined && length !== undefined && have >= length;
  if (!isWhole) {
    if (late) wrong.say(408, () => 'no whole request in time', false);
    if (ended)
      wrong.say(400, () =>
        length === undefined ? 'the end in the middle of the header' : `the end after ${have} of ${length} bytes of the body`,
      );
    return { ...none, certain: wrong.certain };
  }
  const body = text.slice(head.length, head.length + length);
  pairsOf(body, wrong);
  const tokens = wrong.certain ? undefined : tokensIn(body);
  if (tokens !== undefined) valuesOf(tokens, wrong);
  return { ...none, certain: wrong.certain, tokens: wrong.certain ? undefined : tokens };
}

/** How long the body is, if that can be known. */
function headerOf([first, ...rest]: readonly string[], isWhole: boolean, wrong: Wrong): number | undefined {
  if (first === undefined) return undefined;
  const [, method] = /^(\S+) \S+ HTTP\/1\.\d+$/.exec(first) ?? [];
  const noLine = (): string => `no request line of HTTP/1.x: ${printable(first, 60)}`;
  const notPost = (): string => `only POST, not ${printable(method ?? '', 40)}`;
  if (method === undefined || CONTROL.test(first)) wrong.say(400, noLine);
  // A name that is none of HTTP is another method as well.
  else if (!/^[A-Z]+$/.test(method)) {
    wrong.say(400, noLine);
    wrong.say(405, notPost);
  } else if (method !== 'POST') wrong.say(405, notPost, isWhole);
  const lines = isWhole ? rest.slice(0, -1) : rest;
  if (lines.length > FIELDS) wrong.say(431, () => `more than ${FIELDS} fields in the header`);
  const fields = lines.map(line => {
    const [, name = '', value = ''] = /^([^:]*):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    const noField = (): string => `no field in a line of the header: ${printable(line, 60)}`;
    if (/^[ \t]/.test(line)) wrong.say(400, () => 'a folded line in the header');
    else if (CONTROL.test(line)) wrong.say(400, () => `a control byte at ${line.search(CONTROL)} of a line of the header`);
    else if (name === '') wrong.say(400, noField);
    else if (!/^[A-Za-z0-9-]+$/.test(name) || line.includes('\t')) wrong.say(400, noField, false);
    return [name.toLowerCase(), value] as const;
  });
  if (!isWhole) return undefined;
  const all = (name: string): readonly string[] => fields.flatMap(([each, value]) => (each === name ? [value] : []));
  if (all('transfer-encoding').length > 0) wrong.say(411, () => 'no Transfer-Encoding, but a Content-Length');
  for (const type of all('content-type')) {
    const essence = type.split(';')[0]?.trim().toLowerCase() ?? '';
    if (essence !== FORM)
      wrong.say(415, () => `a body of type ${printable(essence, 60)}; it has to be ${FORM}`, all('content-type').length === 1);
  }
  const is11 = !/HTTP\/1\.0$/.test(first);
  for (const each of all('expect'))
    if (each.toLowerCase() !== '100-continue') wrong.say(417, () => `nothing is known of the expectation ${printable(each, 60)}`, is11);
  const lengths = all('content-length');
  if (lengths.length === 0) wrong.say(411, () => 'no Content-Length');
  const [one = ''] = lengths;
  const none = lengths.find(each => !/^\d+$/.test(each));
  const other = lengths.find(each => Number(each) !== Number(one));
  const twice = (second: string): string => `Content-Length twice: ${printable(one, 40)} and ${printable(second, 40)}`;
  if (none !== undefined) wrong.say(400, () => `Content-Length: ${printable(none, 40)} is no number of bytes`);
  else if (other !== undefined) wrong.say(400, () => twice(other));
  else if (Number(one) > BODY_BYTES) wrong.say(413, () => `a body of more than ${BODY_BYTES} bytes`);
  // Written otherwise it is the same, or not.
  else for (const each of lengths) if (each !== one) wrong.say(400, () => twice(each), false);
  return wrong.certain ? undefined : Number(one);
}

/** All but a tab, of which nothing is said. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;

function pairsOf(body: string, wrong: Wrong): void {
  const pairs = body === '' ? [] : body.split('&');
  const seen = new Set<string>();
  let at = 0;
  for (const [index, pair] of pairs.entries()) {
    const say = (why: string, offset = at): void => wrong.say(400, () => `${why}, at byte ${offset} of the body`);
    if (index === PAIRS) say(`more than ${PAIRS} pairs`);
    const bad = pair.search(/%(?![0-9A-Fa-f]{2})/);
    if (bad >= 0) say('% without two hexadecimal digits', at + bad);
    else {
      const [[token = '', value = ''] = []] = Object.entries(tokensIn(pair));
      const shown = (): string => printable(token, 40);
      if (!pair.includes('=')) say('a pair without =');
      else if (token === '') say('an empty token');
      else if (seen.has(token)) say(`token ${shown()} twice`);
      else if (value.includes('\0') && token !== 'DATA') say(`NUL in the value of ${shown()}`, at + pair.indexOf('=') + 1);
      seen.add(token);
    }
    at += pair.length + 1;
  }
}

const NAME = /^[A-Za-z0-9._-]{1,64}$/;
const NUMBER = /^(?:0|[1-9]\d{0,15})$/;

function valuesOf(tokens: Tokens, wrong: Wrong): void {
  const number = (name: string, least: number): void => {
    const text = tokens[name];
    if (text !== undefined && !(NUMBER.test(text) && Number(text) >= least && Number(text) <= Number.MAX_SAFE_INTEGER))
      wrong.say(400, () => `${name} ${printable(text, 40)}: a number from ${least} to ${Number.MAX_SAFE_INTEGER}, without leading zeros`);
  };
  const atMost = (most: number, isCertain: boolean, ...names: readonly string[]): void => {
    for (const name of names) {
      const { length } = tokens[name] ?? '';
      if (length > most) wrong.say(400, () => `${name} of ${length} bytes; at most ${most}`, isCertain);
    }
  };
  for (const name of ['USER', 'HOST', 'MSGID', 'COMMAND']) if (tokens[name] === undefined) wrong.say(400, () => `${name} is missing`);
  for (const name of ['USER', 'HOST']) {
    const text = tokens[name] ?? 'absent';
    if (!NAME.test(text)) wrong.say(400, () => `${name} ${printable(text, 80)}: 1 to 64 letters, digits, '.', '_' and '-'`);
  }
  number('MSGID', 1);
  number('EPOCH', 0);
  number('ACKED', 0);
  atMost(1_024, true, 'SERVICE', 'LOGID', 'USERTIME', 'USERSERVER');
  atMost(1_024, false, 'AUTH', 'COMMAND');
  atMost(255, true, 'OBJECT', 'CLASS');
}
