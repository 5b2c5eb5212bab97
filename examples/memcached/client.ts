/**
 * A client as a daemon: it asks one thing after the other, and when the connection breaks it calls again. What it asked and what came of it
 * is in its log, which is all that a property can see of it.
 * Lacks: anything but single lines and values that are text; a second connection.
 */
import { type Daemon, type Duration, fromUtf8, millis, seconds, type Timer, type TraceEvent, utf8 } from 'slipway';

/** What is asked: `set KEY VALUE`, `add KEY VALUE`, `get KEY`, `incr KEY`. */
export type Ask = readonly [verb: 'set' | 'add' | 'get' | 'incr', key: string, value?: string];

const RETRY: Duration = seconds(1);
const PAUSE: Duration = millis(50);

const lineOf = ([verb, key, value]: Ask): string =>
  value !== undefined ? `${verb} ${key} 0 0 ${value.length}\r\n${value}\r\n` : verb === 'incr' ? `incr ${key} 1\r\n` : `get ${key}\r\n`;

/** A whole answer: the value, the number, or the word. Undefined while it has not come to its end. */
const answerIn = (text: string, [verb]: Ask): string | undefined => {
  if (verb !== 'get') return /^(.*)\r\n/.exec(text)?.[1];
  return text === 'END\r\n' ? '' : /^VALUE \S+ \d+ \d+\r\n(.*)\r\nEND\r\n$/s.exec(text)?.[1];
};

/** `asks`: of the words of its command line, behind the address and the port of the server. */
export const client =
  (asks: (words: readonly string[]) => readonly Ask[]): Daemon =>
  host => {
    const [address = '127.0.0.1', port = '11211', ...words] = host.process.args;
    const left = [...asks(words)];
    host.log('info', 'begins');
    const call = (): void =>
      host.network.connect({ transport: 'tcp', address, port: Number(port) }, {}, result => {
        let text = '';
        let asked = false;
        let pause: Timer | undefined;
        const again = (): void => {
          // Nobody knows whether what was asked was done. It is not asked again: that could be done twice.
          if (asked) say('lost');
          pause?.cancel();
          host.clock.setTimer(RETRY, call);
        };
        const say = (answer: string): void => {
          const [verb = '', key = '', value = ''] = left.shift() ?? [];
          host.log('info', 'asked', { verb, key, value, answer });
          asked = false;
          text = '';
        };
        if (!result.ok) {
          again();
          return { data: () => {} };
        }
        const stream = result.value;
        const ask = (): void => {
          const [next] = left;
          if (next === undefined) {
            host.log('info', 'done');
            host.process.exit(0);
          } else {
            asked = true;
            host.log('info', 'asks', { verb: next[0], key: next[1], value: next[2] ?? '' });
            stream.write(utf8(lineOf(next)));
          }
        };
        ask();
        return {
          data: bytes => {
            text += fromUtf8(bytes) ?? '';
            const [current] = left;
            const answer = current === undefined ? undefined : answerIn(text, current);
            if (answer === undefined) return;
            say(answer);
            pause = host.clock.setTimer(PAUSE, ask);
          },
          close: again,
        };
      });
    call();
  };

/** What a client logged, read again from the trace. */
export interface Asked {
  readonly process: string;
  readonly verb: string;
  readonly key: string;
  readonly value: string;
  /** 'lost': the connection broke before it came. Undefined: this is the moment of the question. */
  readonly answer: string | undefined;
}

export function askedIn({ kind, process, data }: TraceEvent): Asked | undefined {
  const event = data?.['event'];
  if (kind !== 'log' || (event !== 'asks' && event !== 'asked')) return undefined;
  const text = (field: string): string => String(data?.[field] ?? '');
  return { process, verb: text('verb'), key: text('key'), value: text('value'), answer: event === 'asked' ? text('answer') : undefined };
}
