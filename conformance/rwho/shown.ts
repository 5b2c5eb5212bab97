/**
 * What the readers show, as messages: a line of ruptime is a host, a line of rwho is somebody. Widths and the form of a time are
 * different in every edition and are not looked at.
 */
import { concat, textOf } from '../../src/host/bytes.ts';
import type { Decoder, FieldValue, Item } from '../case.ts';

/** `arpa   up  9:45,  5 users,  load 1.15, 1.39, 1.31`, `ernie  down  0:24`. */
const HOST = /^(\S+)\s+(up|down)\s+([0-9?:+]+)(?:,\s+(\d+) users?,\s+load\s+([\d.]+),\s+([\d.]+),\s+([\d.]+))?\s*$/;
/** `ada      alpha:tty1   Nov 22 06:13 :05`. */
const PERSON = /^(\S+)\s+([^\s:]+):(\S+)\s+\w{3} [ \d]\d [ \d]\d:\d\d(?:\s+(\S+))?\s*$/;

export const hostsDecoder = (): Decoder =>
  linesDecoder(line => {
    const [, host, state, time, users, ...load] = HOST.exec(line) ?? [];
    if (host === undefined || state === undefined || time === undefined) return undefined;
    return { type: 'host', fields: { host, state, time, ...(users === undefined ? {} : { users: Number(users), load: load.join(' ') }) } };
  });

export const peopleDecoder = (): Decoder =>
  linesDecoder(line => {
    const [, user, host, terminal, idle = ''] = PERSON.exec(line) ?? [];
    return user === undefined || host === undefined || terminal === undefined
      ? undefined
      : { type: 'person', fields: { user, host, line: terminal, idle } };
  });

interface Shown {
  readonly type: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** Any other line is the message `line`, with whether there are control characters in it. */
function linesDecoder(shown: (line: string) => Shown | undefined): Decoder {
  const held: Uint8Array[] = [];
  return {
    feed: bytes => {
      held.push(bytes.slice());
      return [];
    },
    // All of it belongs together: the program has ended.
    end: () => {
      const whole = concat(held);
      return textOf(whole)
        .split('\n')
        .filter(line => line !== '')
        .map((line): Item => {
          const { type, fields } = shown(line) ?? { type: 'line', fields: {} };
          const printable = !/\p{Cc}/u.test(line);
          return {
            kind: 'message',
            type,
            fields: { ...fields, text: line, printable },
            bytes: new Uint8Array(0),
            ignorable: type === 'line',
          };
        });
    },
  };
}
