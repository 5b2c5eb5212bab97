/**
 * The decisions of a responder. A member says what is decided and by which trap it can be replaced; what the traps decide instead is in
 * as-written-responder.ts.
 */
import type { PermissionRules } from './permissions.ts';
import type { RegistryRules } from './registry.ts';
import type { Sessions } from './sessions.ts';

export interface ResponderRules extends PermissionRules, RegistryRules {
  /** B-T11: what a frame or a handler does that nothing can be made of. */
  readonly mishap: 'is answered' | 'ends the process';
  /** B-T12: whether a kernel of this name can be registered; if not, the process ends. */
  readonly registers: (name: string) => boolean;
  /** B-T13: who is meant where no kernel is named. */
  readonly defaultKernel: 'the first peer' | 'nobody';
  /** B-T14: whom a request to all reaches. */
  readonly everyKernel: 'the peers' | 'this one too, then the peers';
  /** B-T17: whether a call whose result is nothing is answered. */
  readonly nothing: 'is answered' | 'is no answer';
  /** B-T18: where an answer goes. */
  readonly answers: 'to whoever asked' | 'to whoever is named';
  /** B-T19: what becomes of somebody who subscribes. */
  readonly subscribing: 'asks' | 'ends the process';
  /** B-T28: what of the sessions an error tells. */
  readonly tells: (sessions: Sessions) => string;
  /** B-T28: where in the source it was. */
  readonly place: string;
}

export const CORRECTED_RESPONDER: ResponderRules = {
  forgotten: 'its own',
  namesake: 'stays',
  permitted: (asked: object): object => asked,
  mishap: 'is answered',
  registers: () => true,
  defaultKernel: 'the first peer',
  everyKernel: 'the peers',
  nothing: 'is answered',
  answers: 'to whoever asked',
  subscribing: 'asks',
  tells: () => '',
  place: '',
};
