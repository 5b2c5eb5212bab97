/** Hand-made events for tests of what reads traces. */
import { type Instant, millis } from '../../src/host/time.ts';
import type { EventKind, TraceEvent } from '../../src/trace/event.ts';

export interface Sketch {
  /** Milliseconds. */
  readonly ms: number;
  readonly kind: EventKind;
  readonly process?: string;
  readonly data?: TraceEvent['data'];
}

export const sketch = (ms: number, kind: EventKind, data?: TraceEvent['data'], process = 'a/p.1'): Sketch =>
  data === undefined ? { ms, kind, process } : { ms, kind, process, data };
export const phase = (ms: number, name: 'chaos' | 'heal' | 'liveness'): Sketch => sketch(ms, 'phase', { name }, '');

export function eventsFrom(sketches: readonly Sketch[]): readonly TraceEvent[] {
  return sketches.map(({ ms, kind, process, data }, index) => ({
    index,
    time: at(ms),
    process: process ?? '',
    kind,
    cause: -1,
    message: 0,
    channel: '',
    bytes: undefined,
    data,
  }));
}

export const at = (ms: number): Instant => (0 + millis(ms)) as Instant;
