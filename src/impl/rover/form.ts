/**
 * What is asked, from the pairs of a request (R2): which tokens have to be there, and what their values may be.
 * Lacks: whether the user may ask for it (users.ts), and whether there is such a command (commands.ts).
 */
import { EMPTY, printable } from '../../host/bytes.ts';
import type { Position, StreamName } from '../fifo/fifo.ts';
import type { Refusal } from './header.ts';
import type { Pairs } from './pairs.ts';
import { bytesOf, textOf } from './text.ts';
import { NAME_MAX, NUMBER_MAX, OBJECT_MAX, TEXT_MAX, TOKENS, type Token } from './wire.ts';

/** A request's place in the order: of which stream, and where in it. */
export interface Place extends Position {
  readonly stream: StreamName;
}

export interface Request {
  readonly user: string;
  /** '' where it was not said. */
  readonly host: string;
  /** Absent where nobody asks for an order. */
  readonly place: Place | undefined;
  /** The client has the answers up to this one. */
  readonly acked: number | undefined;
  readonly command: string;
  readonly object: string;
  readonly class: string;
  readonly data: Uint8Array;
  readonly logId: string;
  readonly server: string;
  /** Those that are known, less AUTH. */
  readonly pairs: Pairs;
}

export interface FormRules {
  /** RV-06: what USER and HOST may be. */
  readonly name: RegExp;
  /** RV-06: what a stream is known by. */
  readonly streamOf: (user: string, host: string) => StreamName;
  /** RV-04: which life of a client a number is of. */
  readonly epochOf: (epoch: number) => number;
}
export const CORRECTED_FORM: FormRules = {
  name: /^[A-Za-z0-9._-]+$/,
  streamOf: (owner, place) => ({ owner, place }),
  epochOf: epoch => epoch,
};

const NUMBER = /^(?:0|[1-9][0-9]{0,15})$/;

/** Texts, with the bytes that each may have. */
const TEXTS: readonly (readonly [Token, number])[] = [
  ['SERVICE', TEXT_MAX],
  ['LOGID', TEXT_MAX],
  ['USERTIME', TEXT_MAX],
  ['USERSERVER', TEXT_MAX],
  ['AUTH', TEXT_MAX],
  ['COMMAND', TEXT_MAX],
  ['OBJECT', OBJECT_MAX],
  ['CLASS', OBJECT_MAX],
];

const refusal = (why: string): Refusal => ({ status: 400, why });

/** `ordered`: HOST and MSGID have to be there. */
export function formOf(pairs: Pairs, ordered: boolean, rules: FormRules = CORRECTED_FORM): Request | Refusal {
  const text = (token: Token): string | undefined => {
    const value = pairs.get(token);
    return value === undefined ? undefined : textOf(value);
  };
  const wrong =
    nameProblem('USER', text('USER'), true, rules) ??
    nameProblem('HOST', text('HOST'), ordered, rules) ??
    numberProblem('MSGID', text('MSGID'), 1, ordered) ??
    numberProblem('EPOCH', text('EPOCH'), 0, false) ??
    numberProblem('ACKED', text('ACKED'), 0, false) ??
    TEXTS.map(([token, most]) => lengthProblem(token, pairs.get(token), most)).find(each => each !== undefined) ??
    (pairs.has('COMMAND') ? undefined : 'COMMAND is missing');
  if (wrong !== undefined) return refusal(wrong);
  const [user = '', host = '', number] = [text('USER'), text('HOST'), text('MSGID')];
  const numberOf = (token: Token): number | undefined => (pairs.has(token) ? Number(text(token)) : undefined);
  const position = { epoch: rules.epochOf(numberOf('EPOCH') ?? 0), number: Number(number) };
  return {
    user,
    host,
    place: host === '' || number === undefined ? undefined : { stream: rules.streamOf(user, host), ...position },
    acked: numberOf('ACKED'),
    command: text('COMMAND') ?? '',
    object: text('OBJECT') ?? '',
    class: text('CLASS') ?? '',
    data: pairs.get('DATA') ?? EMPTY,
    logId: text('LOGID') ?? '',
    server: text('USERSERVER') ?? '',
    pairs: known(pairs),
  };
}

function nameProblem(token: Token, value: string | undefined, required: boolean, { name }: FormRules): string | undefined {
  if (value === undefined) return required ? `${token} is missing` : undefined;
  if (name.test(value) && value.length <= NAME_MAX) return undefined;
  return `${token} ${printable(value, 80)}: 1 to ${NAME_MAX} letters, digits, '.', '_' and '-'`;
}

function numberProblem(token: Token, value: string | undefined, least: number, required: boolean): string | undefined {
  if (value === undefined) return required ? `${token} is missing` : undefined;
  if (NUMBER.test(value) && Number(value) >= least && Number(value) <= NUMBER_MAX) return undefined;
  return `${token} ${printable(value, 40)}: a number from ${least} to ${NUMBER_MAX}, without leading zeros`;
}

const lengthProblem = (token: Token, value: Uint8Array | undefined, most: number): string | undefined =>
  value !== undefined && value.length > most ? `${token} of ${value.length} bytes; at most ${most}` : undefined;

/** In the order of TOKENS, so that the same pairs are the same bytes. */
function known(pairs: Pairs): Pairs {
  const kept: Map<string, Uint8Array> = new Map();
  for (const token of TOKENS) {
    const value = pairs.get(token);
    if (value !== undefined && token !== 'AUTH') kept.set(token, value);
  }
  return kept;
}

/** What may be different in the same request, when it is asked again. */
const PASSING: ReadonlySet<string> = new Set<Token>(['ACKED', 'USERTIME']);

/** Short, and the same for the same request. Two that differ have the same one by accident alone, in one of 2^52. */
export function identityOf({ pairs }: Request): string {
  let [one, other, length] = [0x811c9dc5, 0x9747b28c, 0];
  for (const [token, value] of pairs) {
    if (PASSING.has(token)) continue;
    for (const part of [bytesOf(`${token}=${value.length}:`), value]) {
      length += part.length;
      for (const byte of part) {
        one = Math.imul(one ^ byte, 0x01000193);
        other = Math.imul(other ^ byte, 0x85ebca6b) + 0x27d4eb2f;
        other ^= other >>> 15;
      }
    }
  }
  return [one >>> 0, other >>> 0, length].map(each => each.toString(16)).join('-');
}
