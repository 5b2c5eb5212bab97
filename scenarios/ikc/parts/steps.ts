/**
 * The steps of a client, and what must come of each: read off its command line a second time.
 */
import { printable } from '../../../src/host/bytes.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { argsIn } from '../../usage-property.ts';

/** What a client can be told to do at a kernel: words of a plan; what only this client says in them, so that an answer of another one is known. */
const WORDS: Readonly<Record<string, (own: string) => string>> = {
  echo: own => `--call=poe:/demo/echo "${own}"`,
  add: own => `--call=poe:/demo/add [1,${own.length},-3]`,
  void: () => '--call=poe:/demo/void',
  fail: () => '--call=poe:/demo/fail',
  list: () => '--list=poe:/demo/list',
  one: () => '--call=poe:/demo/list',
  slow: () => '--call=poe:/demo/slow 700',
  note: () => '--post=poe:/demo/note',
  count: () => '--call=poe:/demo/count',
  nobody: () => '--call=poe://nobody/demo/echo 1',
  missing: () => '--call=poe:/demo/not-there',
  ping: () => '--call=poe:/IKC/ping "PING"',
  everybody: own => `--call=poe://*/demo/echo "${own}"`,
  subscribe: () => '--subscribe=poe:/demo/echo',
  'to its alias': own => `--call=poe://centre/demo/echo "${own}"`,
  'to itself': own => `--call=poe://${own.split('-')[0]}/demo/echo "${own}"`,
  'with an argument': own => `--call=poe:/demo/echo?more "${own}"`,
  'all kinds': own =>
    `--call=poe:/demo/echo {"own":"${own}","list":[1,-2,[],2147483647,-2147483648],"text":"€é\\u0001\\"","":{},"none":null,"true":true,"false":false}`,
  'a list of one': own => `--list=poe:/demo/echo "${own}"`,
  'a list of none': () => '--list=poe:/demo/void',
  'digits as text': () => '--call=poe:/demo/add ["1","-20",3]',
  'the greatest sum': () => '--call=poe:/demo/add [9007199254740990,1]',
  'too great a sum': () => '--call=poe:/demo/add [9007199254740991,1]',
  'a sum of a text': () => '--call=poe:/demo/add [1,"x"]',
  'a sum of no list': () => '--call=poe:/demo/add 5',
  'slow by a text': () => '--call=poe:/demo/slow "20"',
  'slow by no number': () => '--call=poe:/demo/slow "x"',
  'too slow': () => '--call=poe:/demo/slow 3600001',
  'no state': () => '--call=poe:/demo 1',
  'a post to nobody': () => '--post=poe://nobody/demo/note',
  'a post of nothing published': () => '--post=poe:/demo/not-there',
  'a subscription to nothing': () => '--subscribe=poe:/nothing/at-all',
  'a subscription to everybody': () => '--subscribe=poe://*/demo',
  'a subscription to nobody': () => '--subscribe=poe://nobody/demo',
  forward: own => `--call=poe:/demo/forward ["poe:/demo/not-there","${own}"]`,
  'forward to nobody': () => '--call=poe:/demo/forward ["poe://nobody/demo/note",1]',
  'forward nothing': () => '--call=poe:/demo/forward 1',
  'a long name': () => `--call=poe:/demo/${'n'.repeat(1_000)} 1`,
  'the longest specifier': own => `--call=poe:/demo/echo?${'a'.repeat(1_009)} "${own}"`,
  'no session': () => '--call=echo 1',
  'a session alone': () => '--call=poe:/IKC/not-there 1',
};
export const KINDS: readonly string[] = Object.keys(WORDS);
/** What is not answered in 5 s. */
const LATE: Readonly<Record<string, string>> = { late: '--call=poe:/demo/slow 9000' };
export const PATIENT_KINDS: readonly string[] = [...KINDS, ...Object.keys(LATE)];
/** Of the small client, which subscribes to nothing and has no kernel to be asked. */
export const LITE_KINDS: readonly string[] = KINDS.filter(kind => !kind.includes('subscri'));

export const wordsOf = (kinds: readonly string[], own: string): readonly string[] =>
  kinds.flatMap((kind, index) => WORDS[kind]?.(`${own}-${index}`) ?? LATE[kind] ?? []);

/** What an answer is: this JSON, some number, or an error of this kind. */
export type Due =
  | { readonly json: string }
  | { readonly number: true }
  | { readonly failure: string }
  | { readonly subscribed: true }
  | undefined;

export interface Step {
  readonly verb: string;
  readonly to: string;
  /** JSON text of the params. */
  readonly params: string;
  readonly due: Due;
  /** Whether it is done depends on who is connected. */
  readonly mayBeRefused: boolean;
}

const PARTS = /^--(call|list|post|subscribe)=(\S+)(?: (.*))?$/;

/** Of a `start` event of a client: its steps in order, and how often they are done. */
export function stepsIn(start: TraceEvent, isLite = false): { readonly steps: readonly Step[]; readonly repeat: number } {
  const args = argsIn(start);
  const last = (name: string): string | undefined => args.findLast(each => each.startsWith(`--${name}=`))?.slice(name.length + 3);
  const asker = { isLite, name: last('name'), publishes: args.includes('--publish'), timeout: Number(last('timeout') ?? 30_000) };
  const steps = args.flatMap(arg => {
    const [, verb = '', to = '', params = 'null'] = PARTS.exec(arg) ?? [];
    return verb === '' ? [] : [{ verb, to, params, due: dueOf(verb, to, params, asker), mayBeRefused: isForward(to, params) }];
  });
  return { steps, repeat: Number(last('repeat') ?? 1) };
}

interface Asker {
  readonly isLite: boolean;
  readonly name: string | undefined;
  readonly publishes: boolean;
  readonly timeout: number;
}
/** Forwarded to the first kernel there is: it may be about to leave. To another one that is there, nobody forwards here. */
const TO_THE_FIRST = /^\["poe:\/[^/]/;
const isForward = (to: string, params: string): boolean => to.endsWith('/forward') && TO_THE_FIRST.test(params);
const REFUSED: Due = { failure: 'remote-error' };

function dueOf(verb: string, to: string, json: string, asker: Asker): Due {
  const [, kernel = '', session = '', state = ''] = /^poe:(?:\/\/([^/]*))?\/([^/]*)(?:\/([^?]*))?/.exec(to) ?? [];
  if (session === 'kept') return { failure: 'missing' };
  if (session === 'own') return ofWatcher(verb, state, json);
  if (verb === 'subscribe') return kernel !== '' || session !== 'demo' ? { failure: 'missing' } : { subscribed: true };
  if (state === '') return { failure: asker.isLite ? 'unsent' : 'unusable' };
  // The small client has one kernel, whatever it is called.
  if (kernel === 'nobody' && !asker.isLite) return { failure: verb === 'post' ? 'unsent' : 'unknown-kernel' };
  if (verb === 'post') return undefined;
  if (kernel !== '' && kernel === asker.name && !asker.isLite && !asker.publishes) return REFUSED;
  const due = session === 'IKC' ? (state === 'ping' ? { json: '"PONG"' } : REFUSED) : demo(verb, state, json, asker);
  return due !== undefined && 'json' in due && verb === 'list' && state !== 'list'
    ? { json: due.json === 'null' ? '[]' : `[${due.json}]` }
    : due;
}

/** The session of a watcher (daemons/watcher.ts). */
function ofWatcher(verb: string, state: string, json: string): Due {
  if (verb === 'subscribe') return state === 'hidden' ? { failure: 'missing' } : { subscribed: true };
  if (verb === 'post') return undefined;
  switch (state) {
    case 'hello': {
      const hello = JSON.stringify(`Hello ${String(JSON.parse(json))}`);
      return { json: verb === 'list' ? `[${hello}]` : hello };
    }
    case 'later':
      return { json };
    case 'twice':
      return { json: '"first"' };
    case 'reply':
      return { json: 'null' };
    case 'items':
      return { json: verb === 'list' ? '[1,2]' : '2' };
    default:
      return REFUSED;
  }
}

function demo(verb: string, state: string, json: string, { timeout }: Asker): Due {
  const value: unknown = JSON.parse(json);
  switch (state) {
    case 'echo':
      return { json: printable(JSON.stringify(value), 1_000) };
    case 'slow':
      if (!/^\d{1,7}$/.test(String(value)) || Number(value) > 3_600_000) return REFUSED;
      return Number(value) > timeout ? { failure: 'unanswered' } : { json };
    case 'add': {
      if (!Array.isArray(value) || value.some(each => !/^-?\d+$/.test(String(each)))) return REFUSED;
      const sum = value.reduce((total: bigint, each: unknown) => total + BigInt(String(each)), 0n);
      return sum >= 2n ** 53n ? REFUSED : { json: String(sum) };
    }
    case 'void':
      return { json: 'null' };
    case 'list':
      return { json: verb === 'list' ? '["one","two","three"]' : '"three"' };
    case 'count':
      return { number: true };
    case 'forward':
      return TO_THE_FIRST.test(json) ? { json: 'null' } : REFUSED;
    default:
      return REFUSED;
  }
}
