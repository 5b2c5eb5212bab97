/**
 * The requests of the gateway's bench: no two of them have the same answer, so an answer that went to somebody else, or to
 * an earlier request of the same client, is seen. A user has the keys d0 to d9; request 407 of client 3 asks for d4, d0, d7.
 * Used on the real kernel and in the world alike.
 */

export interface Question {
  readonly request: string;
  readonly answer: string;
}

/** Asks for question `n` of a client. */
export type Questions = (n: number) => Question;

export const CON_LOST = 'con_lost';
const DIGITS = '0123456789';

/** What has to be stored before client `client` asks. The answer is `ok`. */
export const preparation = (client: number): string =>
  `put:bench:u${client}:digits:${[...DIGITS].map(digit => `d${digit}=u${client}-${digit}`).join('&')}`;

/** A `get` of a file of ten lines. */
export function stored(client: number): Questions {
  return n => {
    const digits = [...String(n)];
    return {
      request: `get:bench:u${client}:digits:${digits.map(digit => `d${digit}`).join('&')}`,
      answer: digits.map(digit => `u${client}-${digit}`).join('&'),
    };
  };
}

/** The same requests, for whoever only echoes. */
export function echoed(client: number): Questions {
  const questions = stored(client);
  return n => {
    const { request } = questions(n);
    return { request, answer: request };
  };
}
