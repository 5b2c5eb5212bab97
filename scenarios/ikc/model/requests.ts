/**
 * WHAT COMES IN (B9), a second time: what a server that publishes `demo` has to send back for each frame.
 * Lacks: who is connected, which the result of `forward` depends on.
 */
import { type Hash, hashOf, type Place, type Plain, placeOf, plainOf, specifierIn } from './plain.ts';

/** What is to be sent back: an error, or a value at that place; `value` undefined: any. `after` so many milliseconds, undefined: at once. Either: one of the two. */
export type Reply =
  /** `is`: all of its text: why, what it is about, and who asked. */
  | { readonly reply: 'error'; readonly is: RegExp }
  | { readonly reply: 'either'; readonly is: RegExp; readonly to: Place; readonly value: Plain | undefined }
  | { readonly reply: 'answer'; readonly to: Place; readonly value: Plain | undefined; readonly after: number | undefined };

/** What can be read, and is no hash; and what cannot be read, of which nothing more is known. */
const NO_HASH: Reply = { reply: 'error', is: /^A request is a hash$/ };
const UNREAD: Reply = { reply: 'error', is: /^A frame cannot be read: ./s };

/** Why a request is refused, in the words of B9. */
const NO_EVENT = 'The event of the request is no valid specifier';
const NOT_PROXIED = 'The parameters of a proxied request are a state and an array of arguments';
const BAD_RSVP = 'The rsvp of the request is no valid specifier of a session and a state';

/** Without the parts that are not there. */
const written = ({ kernel, session, state }: Place): string =>
  ['poe:', ...(kernel === '' ? [] : [`/${kernel}`]), ...(session === '' ? [] : [session]), ...(state === '' ? [] : [state])].join('/');

const quoted = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

function errorOf(why: string | RegExp, request: Hash, event: Place | undefined): Reply & { readonly reply: 'error' } {
  const from = specifierIn(request['from']);
  const by = from === undefined ? '' : ` sent by \\[${quoted(written(from))}\\]`;
  const about = event === undefined ? '' : ` \\[${quoted(written(event))}\\]`;
  return { reply: 'error', is: new RegExp(`^${typeof why === 'string' ? quoted(why) : why.source}${about}${by}$`, 's') };
}

/** `own`: what the peer has said that it is called; `id`: what this kernel has. Undefined: nothing is sent. */
export function replyTo(frame: Uint8Array, serializer: string, own: readonly string[], id = ''): Reply | undefined {
  const read = plainOf(frame, serializer);
  if (read === undefined) return UNREAD;
  const request = hashOf(read);
  if (request === undefined) return NO_HASH;
  const isAnswered = !isTrue(request['is_error']);
  const refused = (why: string, about?: Place): Reply | undefined => (isAnswered ? errorOf(why, request, about) : undefined);
  const event = specifierIn(request['event']);
  if (event === undefined) return refused(NO_EVENT);
  const proxied = event.state === 'IKC:proxy';
  const [inner, args = null] = proxied && Array.isArray(request['params']) ? request['params'] : [];
  if (proxied && (typeof inner !== 'string' || inner === '' || (args !== null && !Array.isArray(args)))) return refused(NOT_PROXIED, event);
  const state = proxied ? String(inner) : event.state;
  const about = { ...event, state };
  const [argument = null] = proxied ? ((args ?? []) as readonly Plain[]) : [request['params'] ?? null];
  if (!Object.hasOwn(STATES, event.session)) return refused(`Session '${event.session}' is not available for remote kernels`, about);
  const list = isTrue(request['wantarray']);
  const one = (of: Plain): Outcome => ({ value: list ? [of] : of });
  const value = event.session === 'demo' ? demo(state, argument, list, one) : ikc(state, argument, id, list, one);
  if (value === 'refused') return refused(`Session '${event.session}' has not published state '${state}'`, about);
  const rsvp = request['rsvp'];
  const to = specifierIn(rsvp);
  if (isTrue(rsvp) && (to === undefined || to.session === '' || to.state === '')) return refused(BAD_RSVP, about);
  if (to !== undefined && to.kernel !== '' && !own.includes(to.kernel))
    return refused(`An answer goes to the kernel that asks, and that is not '${to.kernel}'`, about);
  if ('fails' in value) return refused(value.fails, about);
  if (to === undefined) return undefined;
  if (value.mayFail !== undefined) return { reply: 'either', is: errorOf(value.mayFail, request, about).is, to, value: value.value };
  return { reply: 'answer', to, value: value.value, after: value.after };
}

/** What a server has published. */
const STATES: Readonly<Record<string, readonly string[]>> = {
  demo: ['echo', 'add', 'void', 'fail', 'list', 'slow', 'note', 'count', 'forward'],
  IKC: ['remote_error', 'do_you_have', 'ping'],
};

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

type Outcome =
  | 'refused'
  | { readonly fails: string }
  | { readonly value: Plain | undefined; readonly after?: number; readonly mayFail?: RegExp };

function demo(state: string, argument: Plain, list: boolean, one: (of: Plain) => Outcome): Outcome {
  switch (state) {
    case 'echo':
      return one(argument);
    case 'add':
      return sumOf(argument, one);
    case 'void':
    case 'note':
      return { value: list ? [] : null };
    case 'fail':
      return { fails: 'This state fails' };
    case 'list':
      return { value: list ? ['one', 'two', 'three'] : 'three' };
    case 'forward': {
      const to = Array.isArray(argument) ? specifierIn(argument[0]) : undefined;
      if (to === undefined) return { fails: 'forward takes a specifier and the parameters for it' };
      const not = `Not forwarded to ${written(to)}: `;
      if (to.session === '' || to.state === '')
        return { fails: `${not}a specifier of a session and a state is wanted, not '${written(to)}'` };
      if (to.kernel === 'nobody') return { fails: `${not}there is no kernel 'nobody'` };
      return { value: list ? [] : null, mayFail: new RegExp(`${quoted(not)}.+`) };
    }
    case 'slow':
      return typeof argument === 'string' && /^\d{1,7}$/.test(argument) && Number(argument) <= SLOW_MAX
        ? { ...(one(argument) as object), value: argument, after: Number(argument) }
        : { fails: `slow takes a number of milliseconds, up to ${SLOW_MAX}` };
    case 'count':
      return { value: undefined };
    default:
      return 'refused';
  }
}

/** Milliseconds. */
const SLOW_MAX = 3_600_000;

function sumOf(argument: Plain, one: (value: Plain) => Outcome): Outcome {
  if (!Array.isArray(argument)) return { fails: NO_INTEGERS };
  let sum = 0n;
  for (const each of argument as readonly Plain[]) {
    if (typeof each !== 'string' || !/^-?\d{1,16}$/.test(each)) return { fails: NO_INTEGERS };
    sum += BigInt(each);
    if (sum >= 2n ** 53n || sum <= -(2n ** 53n)) return { fails: 'add takes integers whose sum is below 2^53' };
  }
  return one(String(sum));
}

const NO_INTEGERS = 'add takes a list of integers';

function ikc(state: string, argument: Plain, id: string, list: boolean, one: (of: Plain) => Outcome): Outcome {
  if (state === 'ping') return one('PONG');
  if (state === 'remote_error') return { value: list ? [] : null };
  if (state !== 'do_you_have') return 'refused';
  const wanted = Array.isArray(argument) ? specifierIn(argument[0]) : undefined;
  if (wanted === undefined) return { fails: 'do_you_have takes a specifier and the id of the kernel that asks' };
  const states = Object.hasOwn(STATES, wanted.session) ? STATES[wanted.session] : undefined;
  const has = states !== undefined && (wanted.state === '' || states.includes(wanted.state));
  return one(has ? [{ ...wanted, kernel: wanted.kernel === '' ? id : wanted.kernel }, id] : `NOT ${written(wanted)}`);
}
