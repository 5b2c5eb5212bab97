/**
 * What is asked, from the pairs of a request (R2): which tokens have to be there, and what their values may be.
 * Lacks: whether the user may ask for it (users.ts), and whether there is such a command (commands.ts).
 */
import { equalBytes, printable } from '../../host/bytes.ts';
import type { Refusal } from './header.ts';
import type { Pairs } from './pairs.ts';
import { textOf } from './text.ts';
import { NAME_MAX, NUMBER_MAX, OBJECT_MAX, TEXT_MAX, TOKENS, type Token } from './wire.ts';

/** A stream: two names that stay two (RV-06). */
export interface Stream {
  readonly user: string;
  readonly host: string;
}

/** Where in its stream a request is. */
export interface Place {
  readonly stream: Stream;
  readonly epoch: number;
  readonly number: number;
}

export interface Request {
  readonly user: string;
  /** Absent where nobody asks for an order. */
  readonly place: Place | undefined;
  /** The client has the answers up to this one. */
  readonly acked: number | undefined;
  readonly command: string;
  readonly object: string;
  readonly class: string;
  readonly data: Uint8Array;
  readonly logId: string;
  /** Those that are known, less AUTH. */
  readonly pairs: Pairs;
}

const NAME = /^[A-Za-z0-9._-]+$/;
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

const EMPTY = new Uint8Array(0);
const refusal = (why: string): Refusal => ({ status: 400, why });

/** `ordered`: HOST and MSGID have to be there. */
export function formOf(pairs: Pairs, ordered: boolean): Request | Refusal {
  const text = (token: Token): string | undefined => {
    const value = pairs.get(token);
    return value === undefined ? undefined : textOf(value);
  };
  const wrong =
    nameProblem('USER', text('USER'), true) ??
    nameProblem('HOST', text('HOST'), ordered) ??
    numberProblem('MSGID', text('MSGID'), 1, ordered) ??
    numberProblem('EPOCH', text('EPOCH'), 0, false) ??
    numberProblem('ACKED', text('ACKED'), 0, false) ??
    TEXTS.map(([token, most]) => lengthProblem(token, pairs.get(token), most)).find(each => each !== undefined) ??
    (pairs.has('COMMAND') ? undefined : 'COMMAND is missing');
  if (wrong !== undefined) return refusal(wrong);
  const [user = '', host, number, acked] = [text('USER'), text('HOST'), text('MSGID'), text('ACKED')];
  const place = host === undefined || number === undefined ? undefined : placeOf(user, host, number, text('EPOCH'));
  return {
    user,
    place,
    acked: acked === undefined ? undefined : Number(acked),
    command: text('COMMAND') ?? '',
    object: text('OBJECT') ?? '',
    class: text('CLASS') ?? '',
    data: pairs.get('DATA') ?? EMPTY,
    logId: text('LOGID') ?? '',
    pairs: known(pairs),
  };
}

const placeOf = (user: string, host: string, number: string, epoch = '0'): Place => ({
  stream: { user, host },
  epoch: Number(epoch),
  number: Number(number),
});

function nameProblem(token: Token, value: string | undefined, required: boolean): string | undefined {
  if (value === undefined) return required ? `${token} is missing` : undefined;
  if (NAME.test(value) && value.length <= NAME_MAX) return undefined;
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

export function sameRequest({ pairs: left }: Request, { pairs: right }: Request): boolean {
  const lasting = (pairs: Pairs): readonly (readonly [string, Uint8Array])[] => [...pairs].filter(([token]) => !PASSING.has(token));
  const [ones, others] = [lasting(left), new Map(lasting(right))];
  return (
    ones.length === others.size &&
    ones.every(([token, value]) => {
      const other = others.get(token);
      return other !== undefined && equalBytes(value, other);
    })
  );
}
