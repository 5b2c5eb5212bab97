/**
 * R2 AND R3, a second time: what is wrong with the bytes of a connection, as far as they have come. Where several things are wrong, each may
 * be told; where the text leaves something open, both are right.
 * Lacks: order (streams.ts), and what a command does (commands.ts).
 */
import { type Tokens, tokensIn } from '../parts/messages.ts';

const HEADER_BYTES = 16_384;
const FIELDS = 64;
const BODY_BYTES = 1_048_576;
const PAIRS = 64;
const FORM = 'application/x-www-form-urlencoded';

export interface Reading {
  /** Statuses with which it may be refused. */
  readonly wrong: ReadonlySet<number>;
  /** There is no other way. */
  readonly certain: boolean;
  /** When all of it has come. */
  readonly tokens: Tokens | undefined;
  /** It waits for leave to send its body. */
  readonly waits: boolean;
}

class Wrong {
  readonly statuses: Set<number> = new Set();
  certain = false;

  say(status: number, certain = true): void {
    this.statuses.add(status);
    this.certain ||= certain;
  }
}

/** `text`: one character a byte. `ended`: the peer sends no more. `late`: the time of a request is over. */
export function readingOf(text: string, ended: boolean, late: boolean): Reading {
  const wrong = new Wrong();
  if (late) wrong.say(408, false);
  const head = /^(?:.*?\n)??\r?\n/s.exec(text)?.[0];
  const lines = (head ?? text)
    .split('\n')
    .slice(0, -1)
    .map(line => line.replace(/\r$/, ''));
  if ((head?.length ?? text.length + 1) > HEADER_BYTES) wrong.say(431);
  const length = headerOf(lines, head !== undefined, wrong);
  const waits =
    wrong.statuses.size === 0 &&
    /\nexpect:[ \t]*100-continue[ \t]*\r?\n/i.test(head ?? '') &&
    / HTTP\/1\.0\r?\n/.test(head ?? '') === false;
  const none = { wrong: wrong.statuses, tokens: undefined, waits };
  const have = text.length - (head?.length ?? text.length);
  const isWhole = head !== undefined && length !== undefined && have >= length;
  if (!isWhole) {
    if (ended) wrong.say(400);
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
  if (method === undefined || CONTROL.test(first)) wrong.say(400);
  // A name that is none of HTTP is another method as well.
  else if (!/^[A-Z]+$/.test(method)) for (const status of [400, 405]) wrong.say(status);
  else if (method !== 'POST') wrong.say(405, isWhole);
  const lines = isWhole ? rest.slice(0, -1) : rest;
  if (lines.length > FIELDS) wrong.say(431);
  const fields = lines.map(line => {
    const [, name = '', value = ''] = /^([^:]*):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === '' || /^[ \t]/.test(line) || CONTROL.test(line)) wrong.say(400);
    else if (!/^[A-Za-z0-9-]+$/.test(name) || line.includes('\t')) wrong.say(400, false);
    return [name.toLowerCase(), value] as const;
  });
  if (!isWhole) return undefined;
  const all = (name: string): readonly string[] => fields.flatMap(([each, value]) => (each === name ? [value] : []));
  if (all('transfer-encoding').length > 0) wrong.say(411);
  for (const type of all('content-type'))
    if (type.split(';')[0]?.trim().toLowerCase() !== FORM) wrong.say(415, all('content-type').length === 1);
  const is11 = !/HTTP\/1\.0$/.test(first);
  for (const each of all('expect')) if (each.toLowerCase() !== '100-continue') wrong.say(417, is11);
  const lengths = all('content-length');
  if (lengths.length === 0) wrong.say(411);
  const [one = ''] = lengths;
  if (lengths.some(each => !/^\d+$/.test(each)) || lengths.some(each => Number(each) !== Number(one))) {
    if (lengths.length > 0) wrong.say(400);
  } else if (Number(one) > BODY_BYTES) wrong.say(413);
  // Written otherwise it is the same, or not.
  else if (lengths.some(each => each !== one)) wrong.say(400, false);
  return wrong.certain ? undefined : Number(one);
}

/** All but a tab, of which nothing is said. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;

function pairsOf(body: string, wrong: Wrong): void {
  const pairs = body === '' ? [] : body.split('&');
  if (pairs.length > PAIRS) wrong.say(400);
  const seen = new Set<string>();
  for (const pair of pairs) {
    if (/%(?![0-9A-Fa-f]{2})/.test(pair)) {
      wrong.say(400);
      continue;
    }
    const [[token = '', value = ''] = []] = Object.entries(tokensIn(pair));
    if (!pair.includes('=') || token === '' || seen.has(token)) wrong.say(400);
    if (value.includes('\0') && token !== 'DATA') wrong.say(400);
    seen.add(token);
  }
}

const NAME = /^[A-Za-z0-9._-]{1,64}$/;
const NUMBER = /^(?:0|[1-9]\d{0,15})$/;

function valuesOf(tokens: Tokens, wrong: Wrong): void {
  const number = (name: string, least: number): void => {
    const text = tokens[name];
    if (text !== undefined && !(NUMBER.test(text) && Number(text) >= least && Number(text) <= Number.MAX_SAFE_INTEGER)) wrong.say(400);
  };
  for (const name of ['USER', 'HOST', 'MSGID', 'COMMAND']) if (tokens[name] === undefined) wrong.say(400);
  for (const name of ['USER', 'HOST']) if (!NAME.test(tokens[name] ?? 'absent')) wrong.say(400);
  number('MSGID', 1);
  number('EPOCH', 0);
  number('ACKED', 0);
  for (const name of ['SERVICE', 'LOGID', 'USERTIME', 'USERSERVER']) if ((tokens[name]?.length ?? 0) > 1_024) wrong.say(400);
  for (const name of ['AUTH', 'COMMAND']) if ((tokens[name]?.length ?? 0) > 1_024) wrong.say(400, false);
  for (const name of ['OBJECT', 'CLASS']) if ((tokens[name]?.length ?? 0) > 255) wrong.say(400);
}
