/**
 * WHAT COMES IN (B9), a second time: what a server that publishes `demo` has to send back for each frame.
 * Lacks: who is connected, which the result of `forward` depends on.
 */
import { type Hash, hashOf, type Place, type Plain, placeOf, plainOf } from './plain.ts';

/** What is to be sent back: an error, or a value at that place; `value` undefined: any. `after` milliseconds. Either: one of the two. */
export type Reply =
  /** `text`: how it ends, as it must: what it is about, and who asked. */
  | { readonly reply: 'error'; readonly ends: RegExp }
  | { readonly reply: 'either'; readonly to: Place; readonly value: Plain | undefined }
  | { readonly reply: 'answer'; readonly to: Place; readonly value: Plain | undefined; readonly after: number };

/** Nothing is known of it. */
const UNREAD: Reply = { reply: 'error', ends: /^(?:A request is a hash|A frame cannot be read: .*)$/s };

/** Without the parts that are not there. */
const written = ({ kernel, session, state }: Place): string =>
  ['poe:', ...(kernel === '' ? [] : [`/${kernel}`]), ...(session === '' ? [] : [session]), ...(state === '' ? [] : [state])].join('/');

const quoted = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

function errorOf(request: Hash, event: Place | undefined): Reply {
  const from = senderIn(request['from']);
  const by = from === undefined ? '' : ` sent by \\[${quoted(from)}\\]`;
  if (event === undefined) return { reply: 'error', ends: new RegExp(`^The event of the request is no valid specifier${by}$`, 's') };
  return { reply: 'error', ends: new RegExp(` \\[${quoted(written(event))}\\]${by}$`, 's') };
}

/** A sender may have no state. */
function senderIn(from: Plain | undefined): string | undefined {
  const place = placeOf(from);
  if (place !== undefined) return written(place);
  const hash = hashOf(from);
  const part = (name: string): string => (typeof hash?.[name] === 'string' ? (hash[name] as string) : '');
  return hash === undefined ? undefined : written({ kernel: part('kernel'), session: part('session'), state: part('state') });
}

/** `own`: what the peer has said that it is called. Undefined: nothing is sent. */
export function replyTo(frame: Uint8Array, serializer: string, own: readonly string[]): Reply | undefined {
  const request = hashOf(plainOf(frame, serializer));
  if (request === undefined) return UNREAD;
  const event = placeOf(request['event']);
  const isAnswered = !isTrue(request['is_error']);
  if (event === undefined) return isAnswered ? errorOf(request, undefined) : undefined;
  const proxied = event.state === 'IKC:proxy';
  const [inner, args] = proxied && Array.isArray(request['params']) ? request['params'] : [];
  if (proxied && (typeof inner !== 'string' || !Array.isArray(args))) return isAnswered ? errorOf(request, event) : undefined;
  const state = proxied ? String(inner) : event.state;
  const error = isAnswered ? errorOf(request, { ...event, state }) : undefined;
  const [argument = null] = proxied && Array.isArray(args) ? args : [request['params'] ?? null];
  const value = event.session === 'demo' ? demo(state, argument, request) : event.session === 'IKC' ? ikc(state, argument) : 'refused';
  if (value === 'refused') return error;
  const rsvp = request['rsvp'];
  const to = placeOf(rsvp);
  const hasRsvp = rsvp !== undefined && rsvp !== null && rsvp !== '';
  if (hasRsvp && (to === undefined || to.session === '')) return error;
  if (to !== undefined && to.kernel !== '' && !own.includes(to.kernel)) return error;
  if (value === 'fails') return error;
  if (to === undefined) return undefined;
  if (value.mayFail === true) return { reply: 'either', to, value: value.value };
  return { reply: 'answer', to, value: value.value, after: value.after ?? 0 };
}

const isTrue = (value: Plain | undefined): boolean => value !== undefined && value !== null && value !== '' && value !== '0';

/** What `forward` is asked to post. */
export interface Forwarded {
  readonly to: Place;
  readonly params: Plain;
}

export function forwardedIn(frame: Uint8Array, serializer: string): Forwarded | undefined {
  const request = hashOf(plainOf(frame, serializer));
  const event = placeOf(request?.['event']);
  if (event?.session !== 'demo' || event.state !== 'forward') return undefined;
  const params = request?.['params'];
  const to = Array.isArray(params) ? placeOf(params[0]) : undefined;
  return to === undefined || !Array.isArray(params) ? undefined : { to, params: params[1] ?? null };
}

type Outcome = 'refused' | 'fails' | { readonly value: Plain | undefined; readonly after?: number; readonly mayFail?: true };

function demo(state: string, argument: Plain, request: Hash): Outcome {
  const list = isTrue(request['wantarray']);
  const one = (value: Plain): Outcome => ({ value: list ? [value] : value });
  switch (state) {
    case 'echo':
      return one(argument);
    case 'add':
      return sumOf(argument, one);
    case 'void':
    case 'note':
      return { value: list ? [] : null };
    case 'fail':
      return 'fails';
    case 'list':
      return { value: list ? ['one', 'two', 'three'] : 'three' };
    case 'forward': {
      const to = Array.isArray(argument) ? placeOf(argument[0]) : undefined;
      if (to === undefined || to.session === '' || to.kernel === 'nobody') return 'fails';
      return { value: list ? [] : null, mayFail: true };
    }
    case 'slow':
      return /^\d{1,7}$/.test(String(argument)) && Number(argument) <= SLOW_MAX
        ? { ...(one(argument) as object), value: argument, after: Number(argument) }
        : 'fails';
    case 'count':
      return { value: undefined };
    default:
      return 'refused';
  }
}

/** Milliseconds. */
const SLOW_MAX = 3_600_000;

function sumOf(argument: Plain, one: (value: Plain) => Outcome): Outcome {
  if (!Array.isArray(argument) || argument.some(each => !/^-?\d{1,16}$/.test(String(each)))) return 'fails';
  const sum = argument.reduce((total: bigint, each: Plain) => total + BigInt(String(each)), 0n);
  return sum >= 2n ** 53n || sum <= -(2n ** 53n) ? 'fails' : one(String(sum));
}

/** A session, or a state of one. */
const isWanted = (what: Plain | undefined): boolean => placeOf(what) !== undefined || typeof hashOf(what)?.['session'] === 'string';

function ikc(state: string, argument: Plain): Outcome {
  if (state === 'ping') return { value: 'PONG' };
  if (state === 'remote_error') return { value: null };
  if (state !== 'do_you_have') return 'refused';
  return Array.isArray(argument) && isWanted(argument[0]) ? { value: undefined } : 'fails';
}
