/**
 * DC-19: a child says that four gigabytes of an event follow, and begins to send them. A parent without a limit would take
 * them all into its memory; ours says what is wrong as soon as it has seen the length.
 * May import: check, impl, its own folder.
 */

import type { Scenario } from '../../src/check/scenario.ts';
import { hex, utf8 } from '../../src/host/bytes.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import { LIFETIME_EVENT } from '../../src/impl/lifetime/wire.ts';
import { HOSTILE_CHILD } from './daemons/names.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair, reads } from './pair.ts';
import { parentEnds } from './properties/ends.ts';
import { memoryIsBounded, parentReaps, statusIsTrue, violationIsReported } from './properties/parent.ts';
import { hugePayload } from './properties/reach.ts';

const NAME = hex(utf8(LIFETIME_EVENT));
/** 01, length of the type, type, ffffffff. */
const HEADER = `010d${NAME}ffffffff`;

export const payloadTooLong: Scenario<LifetimePlan> = pair({
  slug: 'payload-too-long',
  title: 'A parent whose child announces four gigabytes does not wait for them.',
  quirk: QUIRK.NO_PAYLOAD_LIMIT,
  // Half of what memoryIsBounded allows, so that the read with the header in it may bring as much again.
  local: reads(1_000, 4_096),
  child: HOSTILE_CHILD,
  childArgs: [`--send=${HEADER}`, '--filler=20000', '--then=close'],
  properties: [memoryIsBounded, violationIsReported, statusIsTrue, parentReaps, parentEnds, hugePayload],
  fails: ['memory-is-bounded'],
});
