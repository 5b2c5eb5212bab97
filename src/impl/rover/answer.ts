/**
 * An answer, and the bytes that it is (R5).
 */
import { concat, printable, utf8 } from '../../host/bytes.ts';
import type { Refusal } from './header.ts';
import { type Answer, type Reply, type Result, STATUSES, type Status } from './wire.ts';

/** Longest text of an error. */
const WHY_MAX = 200;

export const CONTINUE: Uint8Array = utf8('HTTP/1.1 100 Continue\r\n\r\n');

/** One line of text. `result` is needed where a status has two. */
export function errorReply(status: Status, why: string, result: Result = STATUSES[status].results[0]): Reply {
  return { status, result, type: 'text/plain', body: utf8(`${printable(why, WHY_MAX)}\n`) };
}

export const refused = ({ status, why, allow }: Refusal): Answer => ({
  ...errorReply(status, why),
  ...(allow === undefined ? {} : { allow }),
});

export const busy = (why: string): Reply => errorReply(503, why);

/** `first`: how an answer begins: on a connection of its own, or through an httpd. */
export function encodeAnswer(answer: Answer, first: 'HTTP/1.0' | 'Status:' = 'HTTP/1.0'): Uint8Array {
  const { status, result, type, body, message, next, replayed, allow } = answer;
  const fields: readonly (readonly [string, string | number | undefined])[] = [
    ['Content-Type', type],
    ['Content-Length', body.length],
    ['Rover-Result', result],
    ['Rover-Message', message],
    ['Rover-Next', next],
    ['Rover-Replayed', replayed === true ? 'yes' : undefined],
    ['Allow', allow],
    ['Retry-After', result === 'busy' ? 1 : undefined],
  ];
  const lines = fields.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}\r\n`]));
  return concat([utf8(`${first} ${status} ${STATUSES[status].phrase}\r\n${lines.join('')}\r\n`), body]);
}
