/** Four sessions of real processes, replayed by ours from either end: byte for byte, whatever the segmentation. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { concat, hex, textOf, unhex } from '../../../src/host/bytes.ts';
import type { Endpoint } from '../../../src/host/host.ts';
import { QUIRKS, TRAPS } from '../../../src/impl/ikc/quirks.ts';
import { thaw } from '../../../src/impl/storable/thaw.ts';
import type { PerlValue } from '../../../src/impl/storable/values.ts';
import { Hand, type Setup, unix } from './hand.ts';

interface Event {
  readonly dir: 'C' | 'S';
  readonly hex?: string;
  readonly line?: string;
  readonly frame_hex?: string;
  readonly eof?: true;
}
interface Vectors {
  readonly sessions: readonly { readonly title: string; readonly events: readonly Event[] }[];
}
const { sessions } = JSON.parse(readFileSync(new URL('vectors/ikc_wire.json', import.meta.url), 'utf8')) as Vectors;
const bytesOf = ({ hex: line, frame_hex: frame }: Event): Uint8Array => unhex(line ?? frame ?? '') ?? new Uint8Array(0);

/** What one end of a session needs to be told to say the same: its names, and the ends of its stream. */
function setupOf(events: readonly Event[], dir: 'C' | 'S'): Setup {
  const [id = '', address = '', ...names] = events.flatMap(({ dir: of, line }) =>
    of === dir && line?.startsWith('IAM ') ? [line.slice(4)] : [],
  );
  const [name, ...aliases] = names.toReversed();
  const [, path, fd] = /^unix:([^:]*)(?::\d+-(\d+))?$/.exec(address) ?? [];
  const port = Number(/:(\d+)$/.exec(address)?.[1]);
  const local: Endpoint = path === undefined ? { transport: 'tcp', address: '127.0.0.1', port } : unix(dir === 'S' ? path : '');
  const remote: Endpoint = path === undefined ? { transport: 'tcp', address: '127.0.0.1', port: 1 } : unix(dir === 'S' ? '' : path);
  return { role: dir === 'S' ? 'server' : 'client', id, name, aliases, local, remote, number: Number(fd ?? 1), serializers: ['Storable'] };
}

describe.each(sessions.map(each => [each.title, each.events] as const))('%s', (_, events) => {
  describe.each(['C', 'S'] as const)('as %s', dir => {
    const setup = setupOf(events, dir);
    const heard = events.filter(each => each.dir !== dir && each.eof === undefined);
    const ours = events.filter(each => each.dir === dir && each.eof === undefined);
    const lines = concat(ours.filter(each => each.line !== undefined).map(bytesOf));
    const frames = ours.filter(each => each.frame_hex !== undefined).map(bytesOf);
    const theirs = heard.filter(each => each.frame_hex !== undefined).map(bytesOf);
    const all = concat(heard.map(bytesOf));
    // The pid of a name on a Unix-domain socket is that of whoever ran then.
    const ownPid = (text: string): string => text.replace(/(unix:[^:]*:)\d+-/, '$177-');

    const requestOf = (frame: Uint8Array): PerlValue => {
      const thawed = thaw(frame.subarray(frame.indexOf(0) + 1));
      if (!thawed.ok) throw new Error(thawed.message);
      return thawed.value;
    };
    const [own, requests] = [frames.map(requestOf), theirs.map(requestOf)];

    const finish = (hand: Hand): void => {
      expect(hand.said).toBe(ownPid(textOf(lines)));
      expect(hand.told).toEqual([expect.stringMatching(/^opened vm-/), ...theirs.map(() => 'request')]);
      expect(hand.requests).toEqual(requests);
      const before = hand.writes.length;
      for (const request of own) hand.link.send(request);
      expect(hand.writes.slice(before).map(hex)).toEqual(frames.map(hex));
    };

    test('line by line, as it was', () => {
      const hand = new Hand(setup);
      for (const event of events.filter(each => each.line !== undefined && each.dir !== dir)) hand.hear(bytesOf(event));
      hand.hear(...theirs);
      finish(hand);
    });

    test('line by line, as written', () => {
      const quirks = QUIRKS.filter(quirk => TRAPS.every(trap => trap.quirk !== quirk || trap.variant !== true));
      const hand = new Hand({ ...setup, serializers: ['Storable'], quirks });
      for (const event of heard) hand.hear(bytesOf(event));
      finish(hand);
    });

    test('cut in two at every byte', () => {
      for (let cut = 0; cut <= all.length; cut++) {
        const hand = new Hand(setup).hear(all.subarray(0, cut), all.subarray(cut));
        finish(hand);
      }
    });

    test('byte by byte', () => {
      const hand = new Hand(setup).hear(...[...all].map(byte => Uint8Array.of(byte)));
      finish(hand);
      hand.peerEnds();
      expect(hand.told.at(-1)).toBe('end');
      hand.streamCloses();
      expect(hand.told.at(-1)).toBe('closed the peer ended between frames');
      expect(hand.timers).toBe(0);
    });
  });
});
