/**
 * A request: the hash that is in each frame (B8), read and made. What a peer may not say in it is refused with a text for that peer.
 * Lacks: who may ask for what (responder.ts).
 */
import { isUndef, type PerlValue, textOf } from '../storable/values.ts';
import { PROXY_STATE, type Specifier, scalarText, specifierHash, specifierOf } from './specifier.ts';

export interface Request {
  /** With the state that is meant, also of a proxied request. */
  readonly event: Specifier;
  readonly args: readonly PerlValue[];
  readonly from: Specifier | undefined;
  /** Where the answer goes; absent where none is wanted. */
  readonly rsvp: Specifier | undefined;
  /** There is one, and it is no specifier. */
  readonly badRsvp: boolean;
  readonly wantsList: boolean;
  /** It tells of an error: it is not answered by one. */
  readonly isError: boolean;
}

/** Why a request cannot be read, in the words that its peer is told. */
export const REQUEST_PROBLEMS = {
  'not-hash': 'A request is a hash',
  event: 'The event of the request is no valid specifier',
  proxied: 'The parameters of a proxied request are a state and an array of arguments',
} as const;

export interface UnreadRequest {
  readonly problem: keyof typeof REQUEST_PROBLEMS;
  readonly event: Specifier | undefined;
  readonly from: Specifier | undefined;
  readonly isError: boolean;
}

/** Never throws, whatever the value is. */
export function readRequest(value: PerlValue): Request | UnreadRequest {
  if (!(value instanceof Map)) return { problem: 'not-hash', event: undefined, from: undefined, isError: false };
  const event = specifierOf(value.get('event'));
  const from = specifierOf(value.get('from'));
  const isError = isTrue(value.get('is_error'));
  if (event === undefined) return { problem: 'event', event, from, isError };
  const params = value.get('params') ?? null;
  const meant = event.state === PROXY_STATE ? proxied(params) : { state: event.state, args: [params] };
  if (meant === undefined) return { problem: 'proxied', event, from, isError };
  const rsvp = value.get('rsvp');
  const answerTo = specifierOf(rsvp);
  return {
    event: { ...event, state: meant.state },
    args: event.args === undefined ? meant.args : [...meant.args, event.args],
    from,
    rsvp: answerTo,
    badRsvp: isTrue(rsvp) && (answerTo === undefined || answerTo.session === '' || answerTo.state === ''),
    wantsList: isTrue(value.get('wantarray')),
    isError,
  };
}

/** B9: the real state, and all of its arguments. */
function proxied(params: PerlValue): { readonly state: string; readonly args: readonly PerlValue[] } | undefined {
  if (!Array.isArray(params)) return undefined;
  const [name, args = null] = params;
  const state = scalarText(name);
  if (state === undefined || state === '') return undefined;
  if (args === null) return { state, args: [] };
  return Array.isArray(args) ? { state, args } : undefined;
}

/** As Perl has it: undef, '', '0' and 0 are false. */
export function isTrue(value: PerlValue | undefined): boolean {
  if (value === undefined || isUndef(value) || value === false || value === 0 || value === 0n) return false;
  const text = textOf(value);
  return text !== '' && text !== '0';
}

// ── made ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Outgoing {
  readonly event: Specifier;
  readonly params: PerlValue;
  readonly from?: Specifier | undefined;
  readonly rsvp?: Specifier | undefined;
  readonly wantsList?: boolean;
  readonly isError?: boolean;
  /** The event was text, and stays text on the wire (B8). */
  readonly text?: string | undefined;
}

/** Another hash for each call: nothing that is added to one reaches another. */
export function requestHash({ event, params, from, rsvp, wantsList = false, isError = false, text }: Outgoing): Map<string, PerlValue> {
  const hash = new Map<string, PerlValue>([['event', text ?? specifierHash(event)]]);
  hash.set('params', params);
  if (from !== undefined) hash.set('from', fromHash(from));
  if (rsvp !== undefined) hash.set('rsvp', specifierHash(rsvp));
  if (wantsList) hash.set('wantarray', 1);
  if (isError) hash.set('is_error', 1);
  return hash;
}

/** A sender that has no state is told without one (B8). */
function fromHash(from: Specifier): Map<string, PerlValue> {
  const hash = specifierHash(from);
  if (from.state === '') hash.delete('state');
  return hash;
}
