/**
 * How the protocols of this package are decoded, without the rest of them: who reads a capture of unknown origin wants the decoders of all, and
 * nothing else.
 * Lacks: those that a protocol outside of this list has in its own value.
 */
import { ikcDecoder } from '../conformance/ikc/channels.ts';
import { frameDecoder } from '../conformance/lifetime/frames.ts';
import { lineDecoder } from '../conformance/lonc/channels.ts';
import { eitherDecoder } from '../conformance/rover/channels.ts';
import { reportDecoder } from '../conformance/rwho/report.ts';
import type { Decoders } from '../src/trace/message.ts';

export const decoders: Readonly<Record<'ikc' | 'lifetime' | 'lonc' | 'rover' | 'rwho', Decoders>> = {
  ikc: { tcp: ikcDecoder, unix: ikcDecoder },
  lifetime: { pipe: frameDecoder },
  lonc: { tcp: lineDecoder, unix: lineDecoder },
  rover: { tcp: eitherDecoder },
  rwho: { udp: reportDecoder },
};
