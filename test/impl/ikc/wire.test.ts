/** The frames of real kernels (ikc_wire.json): what ours answers to them, and that ours says the same. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { unhex } from '../../../src/host/bytes.ts';
import type { Daemon } from '../../../src/host/host.ts';
import { Kernel } from '../../../src/impl/ikc/kernel.ts';
import type { Quirk } from '../../../src/impl/ikc/quirks.ts';
import type { Invocation, Returned } from '../../../src/impl/ikc/sessions.ts';
import { thaw } from '../../../src/impl/storable/thaw.ts';
import { KERNEL, kernel, plain, raw, run } from './bench.ts';

interface Event {
  readonly dir: 'C' | 'S';
  readonly line?: string;
  readonly frame_hex?: string;
  readonly decoded?: unknown;
}
const { sessions }: { sessions: readonly { title: string; events: readonly Event[] }[] } = JSON.parse(
  readFileSync(new URL('vectors/ikc_wire.json', import.meta.url), 'utf8'),
);
const session = (title: string): readonly Event[] => sessions.find(each => each.title.startsWith(title))?.events ?? [];
const [posts, subscribed, refused] = [session('IKC client'), session('subscribe accepted'), session('subscribe refused')];

const frames = (events: readonly Event[], dir: 'C' | 'S'): readonly Uint8Array[] =>
  events.flatMap(each => (each.dir === dir && each.frame_hex !== undefined ? [unhex(each.frame_hex) ?? new Uint8Array()] : []));
const names = (events: readonly Event[], dir: 'C' | 'S'): readonly string[] =>
  events.flatMap(each => (each.dir === dir && each.line?.startsWith('IAM ') ? [each.line.slice(4)] : []));

/** The server of the captures: it logs what reaches it. */
const STATES = ['called', 'undefret', 'stop', 'posted', 'dies', 'respond', 'calledlist', 'bigret', 'echo'];
const real =
  (quirks: ReadonlySet<Quirk> = new Set()): Daemon =>
  host => {
    const inet = new Kernel(host, { ...KERNEL, name: 'Inet', aliases: ['Ikc'], quirks });
    const handler = (call: Invocation): Returned => {
      host.log('info', 'reached', { state: call.state, args: JSON.stringify(plain([...call.args])) });
      if (call.state === 'respond') call.respond('answer', ['A:hi']);
      return 'ret:ARRAY(0x55cf956e8b38)';
    };
    inet.responder.sessions.define('test', Object.fromEntries(STATES.map(state => [state, handler])));
    const at = { transport: 'tcp', address: '0.0.0.0', port: 603 } as const;
    host.network.listen(at, { backlog: 8 }, { opened: () => {}, accept: stream => inet.join(stream, 'server') });
  };

/** What ours sends to a client that sends those frames; the id of this server in place of that of the captured one. */
function answers(events: readonly Event[], quirks?: ReadonlySet<Quirk>): { sent: readonly unknown[]; reached: readonly string[] } {
  const client = raw(names(events, 'C'), peer => {
    for (const frame of frames(events, 'C')) peer.bytes(frame);
  });
  const { trace, fields } = run([
    { on: 'b', program: real(quirks) },
    { program: client, at: 1 },
  ]);
  const own = String(trace.find(event => event.data?.['event'] === 'link-open')?.data?.['peer']);
  expect(own).toBe(names(events, 'C')[0]);
  const sent = fields('frame', 'text').map(text => {
    const value = JSON.parse(String(text));
    if (value.from !== undefined) value.from.kernel = names(events, 'S')[0];
    if (Array.isArray(value.params) && value.params[1]?.includes?.('-00000001')) value.params[1] = names(events, 'S')[0];
    return value;
  });
  const reached = fields('reached', 'state').map((state, index) => `${state} ${fields('reached', 'args')[index]}`);
  return { sent, reached };
}

const decoded = (events: readonly Event[], dir: 'C' | 'S'): readonly unknown[] =>
  events.flatMap(each => (each.dir === dir && each.decoded !== undefined ? [each.decoded] : []));

describe('a server', () => {
  test('of posts, a wildcard, an unpublished session and a call', () => {
    const { sent, reached } = answers(posts, new Set(['errors-tell-all'] as const));
    // The order of what is published is that of a hash of theirs.
    const known = (value: unknown): string => JSON.stringify(value).replace(/IKC=>\[[^\]]*\]/, 'IKC=>[…]');
    expect(sent.map(known)).toEqual(decoded(posts, 'S').map(each => known(plainJson(each))));
    expect(reached).toEqual(['posted [{"x":[1,"two"]}]', 'posted [{"x":[1,"two"]}]', 'called [[1,2]]']);
  });

  test('B-T28: corrected, it does not tell what else there is', () => {
    const { sent } = answers(posts);
    expect(sent[0]).toMatchObject({ params: "Session 'nosuch' is not available for remote kernels [poe://Inet/nosuch/x]", is_error: 1 });
  });

  test('of a subscription, and of proxied posts both ways', () => {
    const { sent, reached } = answers(subscribed);
    expect(sent.slice(0, 4)).toEqual(decoded(subscribed, 'S').map(plainJson).slice(0, 4));
    expect(sent.length).toBe(5);
    expect(reached.slice(0, 2)).toEqual(['posted ["a1",["a2"]]', 'respond ["hi"]']);
    expect(reached.length).toBe(8);
  });

  test('of a subscription to what is not there', () => {
    expect(answers(refused).sent).toEqual(decoded(refused, 'S').map(plainJson));
  });
});

/** With sorted keys, as `plain` has them. */
const plainJson = (value: unknown): unknown => (typeof value === 'object' && value !== null ? sorted(value) : value);
function sorted(value: object): unknown {
  if (Array.isArray(value)) return value.map(plainJson);
  const entries = Object.entries(value).map(([key, each]) => [key, plainJson(each)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

describe('a client says what the captured one said', () => {
  /** All that it sends to a server that answers nothing, with the id of the captured one for its own. */
  function said(act: Parameters<typeof kernel>[1], id: string): readonly unknown[] {
    const { trace } = run([
      { on: 'b', program: real() },
      { program: kernel({ name: 'CliName' }, act), at: 1 },
    ]);
    const sent = trace.flatMap(event =>
      event.kind === 'send' && event.process.startsWith('a/own') ? [event.bytes ?? new Uint8Array()] : [],
    );
    const values = sent.flatMap(bytes => {
      const at = bytes.indexOf(0);
      const thawed = at < 0 ? undefined : thaw(bytes.subarray(at + 1));
      return thawed?.ok === true ? [plain(thawed.value)] : [];
    });
    return JSON.parse(JSON.stringify(values).replaceAll(/a-[0-9a-f]{8}-[0-9a-f]{8}-00000001/g, id));
  }

  test('posts to a name and to nothing', () => {
    const x = new Map([['x', [1, 'two']]]);
    const values = said(
      ({ outgoing }) => ({
        opened: () => {
          outgoing.post('poe://Inet/test/posted', x);
          outgoing.post('poe://Inet/nosuch/x', x);
        },
      }),
      '',
    );
    const all = decoded(posts, 'C').map(plainJson);
    expect(values).toEqual([all[0], all[2]]);
  });

  test('subscribes, and posts by the proxy', () => {
    const id = names(subscribed, 'C')[0] ?? '';
    const values = said(({ outgoing, responder }) => {
      responder.sessions.define('subber', { answer: () => undefined });
      return {
        opened: () =>
          outgoing.subscribe(['poe://Inet/test'], () => {
            outgoing.postProxy('poe://Inet/test', 'posted', ['a1', ['a2']], 'subber');
            outgoing.postProxy('test', 'respond', ['hi'], 'subber');
          }),
      };
    }, id);
    const expected = JSON.parse(JSON.stringify(decoded(subscribed, 'C').map(plainJson).slice(0, 3)).replace('receipt 5', 'receipt 0'));
    expect(values).toEqual(expected);
  });
});
