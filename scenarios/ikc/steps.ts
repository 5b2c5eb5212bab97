/**
 * How many steps a run of a scenario has as a rule: written by test/scenarios/measure-steps.ts, from the first 21 seeds.
 * What is not in it draws them.
 */
import type { Steps } from '../../src/check/steps.ts';

export const STEPS: Steps = {
  'ikc/exchange': 258,
  'ikc/negotiation': 304,
  'ikc/namesakes': 293,
  'ikc/hostile': 716,
  'ikc/shutdown': 195,
  'ikc/negotiation-unbounded': 29,
  'ikc/split-terminator-is-a-line': 27,
  'ikc/split-terminator-deafens': 30,
  'ikc/bad-names-announced': 3,
  'ikc/false-alias-ends-list': 74,
  'ikc/unknown-serializer-offered': 62,
  'ikc/refused-serializer-guessed': 49,
  'ikc/serializer-list-used-up': 88,
  'ikc/unix-server-called-n': 52,
  'ikc/early-requests-unregistered': 28,
  'ikc/shutdown-unheard-in-negotiation': 19,
  'ikc/frame-kills': 154,
  'ikc/unaddressable-name-kills': 27,
  'ikc/default-kernel-unset': 58,
  'ikc/wildcard-leaks': 56,
  'ikc/alias-stolen': 87,
  'ikc/id-spoofed': 62,
  'ikc/undef-unanswered': 66,
  'ikc/permission-unbound': 54,
  'ikc/state-subscription-kills': 87,
  'ikc/setup-unanswered': 28,
  'ikc/lite-alarm-stays': 65,
  'ikc/lite-loses-step': 63,
  'ikc/lite-drops-rest': 64,
  'ikc/lite-seeks-length': 52,
  'ikc/client-waits-as-server': 58,
  'ikc/unsent-counts-as-sent': 118,
  'ikc/errors-tell-all': 87,
  'ikc/surplus-ok-taken': 50,
};
