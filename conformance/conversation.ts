/**
 * Cases about one connection over which lines of text go: its steps in few words, for a suite that is new.
 * Lacks: more than one connection, and wires that are no text; write the steps (case.ts) and a decoder (decoders.ts).
 */
import { type Duration, seconds } from '../src/host/time.ts';
import type { Channel, Decoder, Expected, Step, Want } from './case.ts';
import { type LineForm, lines } from './decoders.ts';

/** Every line is a message of type `line`, with its `text`. */
export const textLines = (form: Omit<LineForm, 'read'> = {}): (() => Decoder) =>
  lines({ ...form, read: text => ({ type: 'line', fields: { text } }) });

export interface Conversation {
  /** The implementation. */
  readonly start: Step;
  /** To the port of the case. */
  readonly dial: Step;
  /** As it is: with the ends of lines in it. */
  readonly say: (text: string) => Step;
  /** The next lines are these. */
  readonly hears: (...texts: readonly Want[]) => Step;
  /** Nothing more comes but the end of the connection. */
  readonly ends: Step;
}

/** `within`: of each step; default 5 s. */
export function conversation(channel: Channel, within: Duration = seconds(5)): Conversation {
  return {
    start: { verb: 'start' },
    dial: { verb: 'dial', channel, to: { tcp: 'port' }, within },
    say: text => ({ verb: 'say', channel, text }),
    hears: (...texts) => ({ verb: 'expect-sequence', channel, items: texts.map(lineOf), within }),
    ends: { verb: 'expect-sequence', channel, items: [], thenEof: true, within },
  };
}

const lineOf = (text: Want): Expected => ({ message: { type: 'line', name: nameOf(text), fields: { text } }, times: 'one' });

const nameOf = (text: Want): string =>
  typeof text !== 'object' ? `the line ${text}` : 'begins' in text ? `a line that begins with ${text.begins}` : 'such a line';
