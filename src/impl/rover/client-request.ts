/**
 * What a client sends: the bytes of a request (R2), and whether it can be one.
 */
import { concat, utf8 } from '../../host/bytes.ts';
import type { ClientRequest, Entry } from './client-queue.ts';
import type { Identity } from './client-records.ts';
import { formOf } from './form.ts';
import { isRefusal } from './header.ts';
import { decodePairs, encodePairs } from './pairs.ts';
import { BODY_MAX, FORM_TYPE } from './wire.ts';

/** In the place of what was refused. It changes nothing, and a server that does not know it consumes the number as well. */
export const SUBSTITUTE = 'TESTNULL';

export interface Sender extends Identity {
  readonly auth: string | undefined;
}

/** `acked`: the answers of all numbers up to this one are in the log. */
export function requestBytes(
  sender: Sender,
  { number, request, stage }: Pick<Entry, 'number' | 'request' | 'stage'>,
  acked: number,
): Uint8Array {
  const body = bodyOf(sender, number, stage === 'substitute' ? undefined : request, acked);
  return concat([utf8(`POST /rover HTTP/1.0\r\nContent-Type: ${FORM_TYPE}\r\nContent-Length: ${body.length}\r\n\r\n`), body]);
}

function bodyOf({ user, host, epoch, auth }: Sender, number: number, request: ClientRequest | undefined, acked: number): Uint8Array {
  const { command, object, data } = request ?? { command: SUBSTITUTE, object: '', data: new Uint8Array() };
  const pairs: Map<string, Uint8Array> = new Map();
  const add = (token: string, value: Uint8Array | string | number): void =>
    void pairs.set(token, value instanceof Uint8Array ? value : utf8(String(value)));
  add('USER', user);
  add('HOST', host);
  add('EPOCH', epoch);
  add('MSGID', number);
  if (acked > 0) add('ACKED', acked);
  if (auth !== undefined) add('AUTH', auth);
  add('COMMAND', command);
  if (object !== '') add('OBJECT', object);
  if (data.length > 0) add('DATA', data);
  return encodePairs(pairs);
}

/** Why no server would take it, whatever it knows; undefined: it may. */
export function requestProblem(sender: Sender, request: ClientRequest): string | undefined {
  // With the longest numbers that there are.
  const longest = Number.MAX_SAFE_INTEGER;
  const body = bodyOf({ ...sender, epoch: longest }, longest, request, longest);
  if (body.length > BODY_MAX) return `a request of ${body.length} bytes; at most ${BODY_MAX}`;
  const pairs = decodePairs(body);
  if ('problem' in pairs) return pairs.problem;
  const form = formOf(pairs, true);
  return isRefusal(form) ? form.why : undefined;
}
