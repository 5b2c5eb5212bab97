/**
 * What the cases of a gateway towards local programs are made of.
 */
import type { Step } from '../../case.ts';
import type { Common } from '../../rows.ts';
import { A, DEADLINE, hears, LOND, put, say, setup } from '../vocabulary.ts';

export const id = (name: string): string => `lonc.local.${name}`;
export const COMMON: Common = { rev: 1, role: 'local', deadline: DEADLINE };
/** A request, what lond gets of it, and what it says. */
export const asks = (client: string, text: string): readonly Step[] => [say(client, text), hears(LOND, text)];
export const serves = (client: string, text: string, reply: string, channel: string = LOND): readonly Step[] => [
  say(client, text),
  hears(channel, text),
  say(channel, reply),
  hears(client, reply),
];
/** The same, where a case is about what comes of it. */
export const asked = (client: string, text: string): readonly Step[] => setup('a request is on its way', ...asks(client, text));
export const served = (client: string): readonly Step[] => setup('a request is served', ...serves(client, 'ping', 'srv1'));
/** Two requests that came together: the first is on its way. */
export const askedTwo = (first: string, second: string): readonly Step[] =>
  setup('the first of two requests is on its way', put(A, `${first}\n${second}\n`), hears(LOND, first));
