/** Copies in slabs: nobody's bytes are anybody else's, and little memory is kept by what is small. */
import { describe, expect, it } from 'vitest';
import type { Daemon } from '../../src/host/host.ts';
import { instantOf, millis } from '../../src/host/time.ts';
import { Slabs } from '../../src/sim/core/slabs.ts';
import { World } from '../../src/sim/world.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { Fingerprint } from '../../src/trace/fingerprint.ts';
import { AT_SERVER, later, must, nothing } from './kit.ts';

/** About every border there is. */
const LENGTHS = [0, 1, 63, 64, 65, 100, 512, 1_024, 4_095, 4_096, 4_097, 20_000];

describe('slabs', () => {
  it('give each copy bytes of its own', () => {
    const slabs = new Slabs();
    const copies = Array.from({ length: 200 }, (_, index) => {
      const source = new Uint8Array(LENGTHS[index % LENGTHS.length] ?? 0).fill(index);
      const copy = index % 2 === 0 ? slabs.copy(source) : slabs.room(source.length).fill(index);
      source.fill(255);
      return copy;
    });
    for (const [index, copy] of copies.entries()) {
      expect(copy.length).toBe(LENGTHS[index % LENGTHS.length]);
      expect(copy.every(byte => byte === index)).toBe(true);
      copy.fill(254);
    }
  });

  it('copy what a Buffer of Node would only show', () => {
    for (const length of LENGTHS) {
      const buffer = Buffer.alloc(length, 1);
      const copy = new Slabs().copy(buffer);
      buffer.fill(2);
      expect(copy).toEqual(new Uint8Array(length).fill(1));
    }
  });

  it('cost a world that has little to copy little, and keep 16 KiB at most for a small part', () => {
    const slabs = new Slabs();
    const sizes = Array.from({ length: 2_000 }, () => slabs.copy(new Uint8Array(100)).buffer.byteLength);
    expect(sizes[0]).toBe(1_024);
    expect(Math.max(...sizes)).toBe(16_384);
  });
});

describe('bytes that cross the Host', () => {
  const SIZES = [10, 300, 3_000];
  const BROADCAST = { address: '10.0.0.255', port: 9 };

  /** Writes to whatever it was given, and to what it has given away. `spoil` is how. */
  const talker =
    (spoil: (bytes: Uint8Array) => void): Daemon =>
    host => {
      const reading = { data: spoil };
      host.network.listen(AT_SERVER, { backlog: 5 }, { opened: () => {}, accept: () => reading });
      host.network.bind(
        { address: '0.0.0.0', port: BROADCAST.port },
        { broadcast: true },
        {
          opened: result => {
            for (const size of SIZES) {
              const bytes = new Uint8Array(size).fill(1);
              must(result).send(bytes, BROADCAST);
              spoil(bytes);
            }
          },
          message: bytes => {
            must(host.storage.write('/d/one', bytes));
            must(host.storage.append('/d/all', bytes));
            spoil(bytes);
            for (const path of ['/d/one', '/d/all']) spoil(must(host.storage.read(path)));
            for (const path of ['/d/one', '/d/all']) must(host.storage.write('/d/other', must(host.storage.read(path))));
          },
        },
      );
      later(host, millis(50), () =>
        host.network.connect(AT_SERVER, {}, result => {
          if (!result.ok) return nothing;
          for (const size of SIZES) {
            const bytes = new Uint8Array(size).fill(2);
            result.value.write(bytes);
            spoil(bytes);
          }
          return nothing;
        }),
      );
    };

  const runOf = (spoil: (bytes: Uint8Array) => void, events?: TraceEvent[]): string => {
    const kept = events === undefined ? {} : { sink: (event: TraceEvent) => void events.push(event) };
    const world = new World({ seed: 'slabs', programs: { talker: talker(spoil) }, ...kept });
    for (const name of ['a', 'b', 'c']) world.machine(name, { directories: ['/d'] }).start('talker');
    expect(world.run(instantOf(10_000_000))).toBe('quiet');
    return world.fingerprint();
  };
  const untouched = runOf(() => {});

  it('are nobody else’s: who writes to them changes neither a run nor the events that somebody keeps', () => {
    const events: TraceEvent[] = [];
    expect(runOf(bytes => void bytes.fill(7))).toBe(untouched);
    expect(runOf(bytes => void bytes.fill(7), events)).toBe(untouched);
    const kept = new Fingerprint();
    for (const event of events) kept.add(event);
    expect(kept.digest()).toBe(untouched);
    for (const kind of ['send', 'recv', 'datagram', 'receive', 'read', 'write', 'append'])
      expect(events.some(event => event.kind === kind)).toBe(true);
  });
});
