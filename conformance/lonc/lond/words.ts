/**
 * What the cases of a lond are made of.
 */
import { type Duration, seconds } from '../../../src/host/time.ts';
import type { Pattern, Step } from '../../case.ts';
import type { CaseRow, Common } from '../../rows.ts';
import { A, admitted, calls, DEADLINE, hears, keeps, SERVER, START, say, setup } from '../vocabulary.ts';

export const id = (name: string): string => `lonc.lond.${name}`;
export const COMMON: Common = { rev: 1, role: 'lond', deadline: DEADLINE };
export const COMMANDS: Partial<CaseRow> = { needs: ['commands'] };
export const SLOW: Partial<CaseRow> = { slow: true, deadline: seconds(9_000) };

/** Longer than a caller waits for the ping that lond sends back. */
export const REVERSE: Duration = seconds(30);
export const ADMITTED: readonly Step[] = [START, ...setup('the caller is admitted', ...admitted(A))];
export const reaches = (channel: string): readonly Step[] => setup('the caller connects', calls(channel));
/** The greeting up to the challenge, which is kept under a name. */
export const challenged = (channel: string): readonly Step[] =>
  setup('the caller is given a challenge', calls(channel), say(channel, 'init'), keeps(channel, 'challenge'));
export const asks = (request: string, ...replies: readonly (Pattern | string)[]): readonly Step[] => [
  say(A, request),
  hears(A, ...replies),
];
/** What a case is not about, but has to know. */
export const PINGED: readonly Step[] = setup('ping is answered with the host id', ...asks('ping', SERVER));
export const stored = (pairs: string): readonly Step[] => setup('something is put', ...asks(`put:dom:user:notes:${pairs}`, 'ok'));
/** What follows the id is the business of the caller's lond. */
export const OWN_ID: Pattern = { type: 'line', fields: { text: { begins: SERVER } }, name: 'the id of the lond, and any more' };
