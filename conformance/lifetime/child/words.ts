/**
 * What the cases of a child are made of.
 */
import type { Pattern, Step } from '../../case.ts';
import type { Common } from '../../rows.ts';
import { ANYTHING, any, COMPLETE, citing, DEADLINE, ENDS, EVENTS, expects, expectsLast, one, someOf } from '../vocabulary.ts';

export const child = (id: string): string => `lifetime.child.${id}`;

// Steps that only lead to what a case is about name the requirement that is broken where they fail.
export const BEGINS: Step = citing(child('start-db-first'), expects(EVENTS, one(ANYTHING)));
export const RUNS_UP: Step = citing(child('complete-once'), expects(EVENTS, any(ANYTHING), one(COMPLETE)));
export const STOPS: Step = citing(child('stop-on-control-eof'), ENDS);
/** What is still in the pipe, to its end. */
export const REST: Step = citing(child('eof-on-death'), expectsLast(EVENTS, any(ANYTHING)));
export const announced = (address: Pattern): Step => citing(child('address-announced'), someOf(EVENTS, address));

export const COMMON: Common = { rev: 1, role: 'child', deadline: DEADLINE };
