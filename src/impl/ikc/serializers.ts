/**
 * The serializers by the names that FREEZER has for them: Storable in network order, and JSON, so that other languages can join.
 * What is not in this table is not there: nothing is loaded because a peer names it (B-T08).
 * Lacks: FreezeThaw, POE::Component::IKC::Freezer (its payload is code), native Storable images when writing.
 */
import { freeze } from '../storable/freeze.ts';
import { FreezeError } from '../storable/problem.ts';
import { thaw } from '../storable/thaw.ts';
import { jsonOf, valueOfJson } from './json.ts';
import type { Serializer } from './serializer.ts';

/** What is used when nobody asked (B4). */
export const DEFAULT_SERIALIZER = 'Storable';

const STORABLE: Serializer = {
  freeze: value => {
    try {
      return { ok: true, bytes: freeze(value) };
    } catch (error) {
      if (error instanceof FreezeError) return { ok: false, why: error.message };
      throw error;
    }
  },
  thaw: bytes => {
    const thawed = thaw(bytes);
    return thawed.ok ? thawed : { ok: false, why: thawed.message };
  },
};

export const SERIALIZERS: ReadonlyMap<string, Serializer> = new Map([
  [DEFAULT_SERIALIZER, STORABLE],
  ['JSON', { freeze: jsonOf, thaw: valueOfJson }],
]);
