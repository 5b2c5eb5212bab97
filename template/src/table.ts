/** What a server does, as a table: in each state, with each request, what is answered and what comes next. It knows no network. */
import type { Request } from './wire.ts';

export type State = 'new' | 'ready' | 'over';

export interface Session {
  state: State;
  total: number;
}
export const newSession = (): Session => ({ state: 'new', total: 0 });

export interface Step {
  readonly next: State;
  /** `undefined`: nothing is said. */
  readonly answer: (session: Session, word: string) => string | undefined;
}
export type Table = Readonly<Record<State, Readonly<Record<Request['type'], Step>>>>;

const refuse = (why: string): Step => ({ next: 'over', answer: () => `ERROR ${why}` });
const ignore: Step = { next: 'over', answer: () => undefined };
const bye: Step = { next: 'over', answer: () => 'BYE' };
export const add: Step = {
  next: 'ready',
  answer: (session, word) => {
    session.total += Number(word);
    return `TOTAL ${session.total}`;
  },
};

export const TABLE: Table = {
  new: {
    hello: { next: 'ready', answer: (_, word) => `WELCOME ${word}` },
    add: refuse('say HELLO first'),
    bye,
    other: refuse('no such request'),
  },
  ready: { hello: refuse('HELLO was said'), add, bye, other: refuse('no such request') },
  over: { hello: ignore, add: ignore, bye: ignore, other: ignore },
};

export function advance(table: Table, session: Session, { type, word }: Request): string | undefined {
  const { next, answer } = table[session.state][type];
  session.state = next;
  return answer(session, word);
}
