/**
 * What a serializer is: values to bytes and back.
 * Lacks: the serializers that there are (serializers.ts).
 */
import type { PerlValue } from '../storable/values.ts';

export type Frozen = { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly why: string };
export type Thawed = { readonly ok: true; readonly value: PerlValue } | { readonly ok: false; readonly why: string };

/** Never throws for what the value or the bytes are. */
export interface Serializer {
  readonly freeze: (value: PerlValue) => Frozen;
  readonly thaw: (bytes: Uint8Array) => Thawed;
}
