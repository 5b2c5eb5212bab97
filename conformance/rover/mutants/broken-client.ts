/**
 * Clients that do one thing wrong.
 */
import type { Host } from '../../../src/host/host.ts';
import { seconds } from '../../../src/host/time.ts';
import type { ClientMeddling } from './meddle-client.ts';

interface Broken {
  readonly text: string;
  readonly make: (host: Host) => ClientMeddling;
}
const broken = (text: string, meddling: ClientMeddling): Broken => ({ text, make: () => meddling });
const asks = (text: string, pattern: RegExp, by: string): Broken =>
  broken(text, {
    asks: request => {
      const [head = '', body = ''] = request.split(/(?<=\r\n\r\n)/);
      const changed = body.replace(pattern, by);
      return head.replace(/(?<=Content-Length: )\d+/, String(changed.length)) + changed;
    },
  });
const hears = (text: string, pattern: RegExp, by: string): Broken => broken(text, { hears: answer => answer.replace(pattern, by) });
/** The status and the result of an answer. */
const becomes = (text: string, from: string, to: string): Broken =>
  broken(text, {
    hears: answer =>
      answer.startsWith(`HTTP/1.0 ${from}`) ? answer.replace(from, to).replace(/Rover-Result: \w+/, 'Rover-Result: done') : undefined,
  });

/** Of a header, up to the empty line. */
const REST = '\r\nContent-Length: 0\r\nRover-Result: done\r\nRover-Message: 1\r\nRover-Next: 2\r\n\r\n';

export const BROKEN_CLIENTS: Readonly<Record<string, Broken>> = {
  gets: broken('asks by GET', { asks: request => request.replace(/^POST/, 'GET') }),
  'no-auth': asks('does not say its secret', /&AUTH=[^&]*/, ''),
  unescaped: asks('writes & as it is', /%26/g, '&'),
  'one-number': asks('has one number', /MSGID=\d+/, 'MSGID=1'),
  'one-by-one': broken('sends one at a time', { args: () => ['--window=1'] }),
  'all-at-once': broken('sends everything at a time', {
    args: ({ process }) => (process.args.includes('--window=1') ? [] : ['--window=9']),
  }),
  online: broken('ends where nobody listens', { online: true }),
  'never-again': broken('does not ask again', {
    delay: delay => (delay >= seconds(1) && delay < seconds(50) ? seconds(1_000_000) : delay),
  }),
  'cut-taken': broken('takes half a body for one', {
    hears: answer => answer.replace(/Content-Length: \d+/, `Content-Length: ${answer.split('\r\n\r\n')[1]?.length ?? 0}`),
  }),
  'head-taken': hears('takes half a header for an answer', /text\/pl$/, `text/plain${REST}`),
  'garbage-taken': hears('takes anything for an answer', /^HELLO(?=\r)/, `HTTP/1.0 200 OK\r\nContent-Type: text/plain${REST}`),
  'any-number': hears('takes the answer of any number', /Rover-Message: 9/, 'Rover-Message: 1'),
  'held-done': becomes('takes what is held for done', '202', '200'),
  'busy-done': becomes('takes a busy server for done', '503', '200'),
  'one-read': broken('takes one read for an answer', { takes: bytes => (bytes.length < 20 ? '' : bytes) }),
  'tells-nothing': broken('tells nothing', { tells: () => '' }),
  'tells-twice': broken('tells everything twice', { tells: text => text + text }),
  backwards: {
    text: 'tells the second answer first',
    make: () => {
      let held = '';
      return {
        tells: text => {
          held =
            text
              .split(/(?<=\n)/)
              .toReversed()
              .join('') + held;
          if (!/^2 /m.test(held)) return '';
          const whole = held;
          held = '';
          return whole;
        },
      };
    },
  },
  'no-substitute': asks('sends nothing in the place of what was refused', /COMMAND=TESTNULL/, 'COMMAND=EXPORT'),
  'goes-on': broken('goes on when that is refused', {
    hears: (answer, request) => (request.includes('TESTNULL') ? answer.replace('400', '200').replace('refused', 'done') : answer),
  }),
  'status-zero': broken('ends with 0', { exits: () => 0 }),
  'status-one': broken('ends with 1', { exits: () => 1 }),
  forgets: broken('has nothing of what it had', { forgets: true }),
  'one-more': broken('asks something more in its next life', {
    args: ({ storage, process }) => {
      const folder = process.args.find(each => each.startsWith('--state='))?.slice(8) ?? '';
      const names = storage.list(folder);
      return names.ok && names.value.length > 0 ? ['--send=TESTNULL'] : [];
    },
  }),
  'other-epoch': {
    text: 'has another epoch in its next life',
    make: ({ process }) => ({ asks: request => request.replace(/EPOCH=(\d+)\d(?=&)/, `EPOCH=$1${process.pid % 10}`) }),
  },
};
