/**
 * Cases in few words, for a server of lines over TCP: who says what, a line each, as one would write it on a whiteboard.
 *
 *     const talk = dialogue({ end: '\r\n' });
 *     steps: talk('> set a 0 0 1', '> x', '< STORED', '> get a', '< VALUE a 0 1', '< x', '< END')
 *
 * The messages of the channel have a field `text`, as those of `textLines` (decoders.ts).
 * Lacks: what is no text, and answers that may come in another order; those are steps, which can stand among the lines.
 */
import { type Duration, seconds } from '../src/host/time.ts';
import type { ChannelName, ExpectedMessage, Step } from './case.ts';

/**
 * `> text`: the tester says the line. `< text`: the next message has this text; `< text*`: one that begins so. `<` alone is a line
 * without text, `<.` the end of the connection. A step stands for itself.
 */
export type Turn = `>${string}` | `<${string}` | Step;

export interface DialogueForm {
  /** Default `call`. */
  readonly channel?: ChannelName;
  /** Of a line that the tester says; default '\n'. */
  readonly end?: '\n' | '\r\n';
  /** For what is awaited, each time; default 5 s. */
  readonly within?: Duration;
}

const END = '<.';

/** Throws an Error where a turn is neither said nor awaited. */
export const dialogue =
  ({ channel = 'call', end = '\n', within = seconds(5) }: DialogueForm = {}): ((...turns: readonly Turn[]) => readonly Step[]) =>
  (...turns) => {
    const steps: Step[] = [{ verb: 'start' }, { verb: 'dial', channel, to: { tcp: 'port' }, within }];
    // Only what was made of lines grows by more of them: a step that was given is what it is.
    let open: Step | undefined;
    const put = (step: Step): void => {
      if (open !== undefined) steps.pop();
      steps.push(step);
      open = step;
    };
    for (const turn of turns) {
      if (typeof turn !== 'string') {
        steps.push(turn);
        open = undefined;
      } else if (turn.startsWith('>')) {
        // Lines that follow each other are one write: a server must not take a read for a line.
        if (open?.verb !== 'say') open = undefined;
        put({ verb: 'say', channel, text: (open?.text ?? '') + said(turn) + end });
      } else if (turn.startsWith('<')) {
        if (open?.verb !== 'expect-sequence' || open.thenEof === true) open = undefined;
        const items = open?.items ?? [];
        const more = turn === END ? { items, thenEof: true } : { items: [...items, awaited(said(turn))] };
        put({ verb: 'expect-sequence', channel, ...more, within });
      } else throw new Error(`a turn of a dialogue begins with > or <: '${turn}'`);
    }
    return steps;
  };

const said = (turn: string): string => turn.slice(turn[1] === ' ' ? 2 : 1);

const awaited = (text: string): ExpectedMessage => ({
  message: {
    type: '*',
    name: text.endsWith('*') ? `what begins with '${text.slice(0, -1)}'` : `'${text}'`,
    fields: { text: text.endsWith('*') ? { begins: text.slice(0, -1) } : text },
  },
  times: 'one',
});
