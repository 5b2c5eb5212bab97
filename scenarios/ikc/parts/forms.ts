/**
 * Requests in every form that one can have (B8): the event, where the answer goes, who asks, whether a list is wanted, and the arguments of each
 * state that a server publishes, at their limits and beyond. What has to come of each the model says (model/requests.ts).
 * Lacks: frames that are no requests (strangers.ts, refused-pieces.ts).
 */
import type { Plain } from './requests.ts';

type Form = { readonly [key: string]: Plain };

const LONG = 'n'.repeat(1_025);

/** Of whoever is called `id`, and `alias`. */
function rsvps(id: string, alias: string): readonly Plain[] {
  const whole = { kernel: id, session: 'S', state: 'back' };
  const text = `poe://${id}/S`;
  return [
    ...[null, '', false, true, 1, 'x', 'no specifier at all!', [], ['poe:/S/back'], {}, whole],
    ...[
      `${text}/back`,
      `${text}/back?more`,
      `${text}`,
      `${text}/`,
      'poe:/S/back',
      'poe:/S',
      'poe:back',
      'S/back',
      '/S/back',
      'back',
      'poe:',
    ],
    ...[`//${id}/S/back`, `poe://${alias}/S/back`, 'poe://another/S/back', 'poe://*/S/back', 'poe:///S/back', 'poe://a b c:/S/back'],
    ...[
      { session: 'S', state: 'back' },
      { kernel: id, state: 'back' },
      { kernel: id, session: 'S' },
    ],
    ...['kernel', 'session', 'state'].flatMap(part => ['', null, 5, [], {}, LONG, '*'].map(each => ({ ...whole, [part]: each }))),
    ...['', 5, [], LONG].map(args => ({ ...whole, args })),
    // Words that a source may have.
    ...['from', 'event', 'params', 'rsvp', 'not-hash', 'proxied', 'IKC:proxy', 'response0', 'a b', 'ä/b'].map(state => ({
      ...whole,
      state,
    })),
  ];
}

const EVENTS: readonly Plain[] = [
  ...[
    'poe:/demo/echo',
    'poe://hub/demo/echo',
    'poe://nobody/demo/echo',
    'poe://*/demo/echo',
    'poe:///demo/echo',
    'demo/echo',
    '/demo/echo',
  ],
  ...[
    '//hub/demo/echo',
    'poe:/demo/echo?',
    'poe:/demo/echo?more',
    'poe:/demo/echo/',
    'poe:/demo',
    'poe:/demo/',
    'poe:',
    'demo',
    'demo/',
    '/',
    '',
  ],
  ...[
    'poe:echo',
    'poe:/echo',
    'poe:/nothing',
    'poe:/nothing/at all',
    'poe:/demo/not-there',
    'poe:/demo/Echo',
    'poe:/DEMO/echo',
    'poe:/demo /echo',
  ],
  ...[
    'poe:/IKC/not-there',
    'poe:/IKC/shutdown',
    'poe:/IKC/response0',
    'poe:/IKC',
    'poe:/a/b/c',
    'poe://a b:c/demo/echo',
    'poe:/dé/echo',
    'http://x',
  ],
  ...[null, [], ['poe:/demo/echo'], {}, { session: 'demo', state: 'echo' }, { kernel: 'nobody', session: 'demo', state: 'echo' }],
  ...[{ session: 'demo' }, { state: 'echo' }, { session: 'demo', state: 'echo', args: 'more' }, { session: 'demo', state: ['echo'] }],
  ...[
    { session: 'demo', state: 'echo', kernel: {} },
    { session: 'demo', state: LONG },
    { session: 'de/mo', state: 'x' },
  ],
];
const FROMS: readonly Plain[] = [
  ...[null, '', 'x', 'poe:/own/s', 'poe://k/own', 'no specifier at all!', [], {}, { kernel: 'k' }, { session: 's' }, { state: 't' }],
  ...[
    { kernel: 'k', session: 's', state: 't' },
    { kernel: 'k', session: 's', state: [] },
    { kernel: 'k', session: 's', args: 'x' },
  ],
];
const FLAGS: readonly Plain[] = [null, '', '0', '00', '0.0', 0, 1, 2, -1, 'x', ' ', true, false, [], {}];
const PROXIED: readonly Plain[] = [
  ...['echo', null, [], ['echo'], ['echo', null], ['echo', []], ['echo', ['one']], ['echo', ['one', 'two']], ['echo', 'one'], ['echo', {}]],
  ...[['', ['one']], [null, ['one']], [[], ['one']], [{}, []], ['not-there', []], ['IKC:proxy', ['echo', ['x']]], [5, ['one']], {}],
  ...[
    ['fail', []],
    ['list', []],
    ['add', [[1, 2]]],
    ['add', [1, 2]],
    ['echo', ['one'], 'three'],
  ],
];
const MOST = 9_007_199_254_740_991;
const SUMS: readonly Plain[] = [
  ...[null, 5, '5', {}, [], [1], [1, 2, 3], ['1', '-2'], ['-0', '0'], [''], [null], [[1]], [{}], ['x'], ['+1'], ['1.5'], ['1e3'], [' 1']],
  ...[
    [MOST],
    [-MOST],
    [MOST, 1],
    [-MOST, -1],
    [MOST, -1, 1],
    [MOST, 1, -1],
    [String(MOST)],
    ['9007199254740992'],
    ['1'.repeat(16)],
    ['0'.repeat(17)],
  ],
  ...[['-9007199254740992'], ['0000000000000001'], ['00000000000000001'], ['--1'], ['1-']],
];
const DELAYS: readonly Plain[] = [
  ...[
    0,
    1,
    '1',
    '0000001',
    '00000001',
    3_600_001,
    9_999_999,
    10_000_000,
    -1,
    '',
    null,
    [],
    [1],
    {},
    'x',
    '1x',
    '1.5',
    ' 1',
    false,
    '+1',
    '-0',
  ],
];
const FORWARDED: readonly Plain[] = [
  ...[
    null,
    1,
    'poe:/own/x',
    [],
    [null],
    ['x'],
    ['poe:/own'],
    ['poe:'],
    ['a b c:'],
    [[]],
    [{}],
    {},
    ['poe://nobody/own/x'],
    ['poe://nobody/own/x', 1],
  ],
  ...[['poe:/own/x'], ['poe:/own/x', 1], ['poe:/own/x', [1], 2], [{ session: 'own', state: 'x' }, { a: 1 }], [{ session: 'own' }, 1]],
];
const WANTED: readonly Plain[] = [
  ...[
    null,
    'demo',
    [],
    ['demo/echo'],
    [null],
    [[]],
    ['a b c:'],
    ['x'],
    ['demo/'],
    ['poe:/demo'],
    ['poe:/demo/echo'],
    ['poe:/demo/not-there'],
  ],
  ...[
    ['poe:/IKC'],
    ['poe:/IKC/ping', 'me'],
    ['poe:/nothing'],
    ['poe://hub/demo'],
    ['poe://nobody/demo', 'me'],
    [{ session: 'demo' }, 'me'],
  ],
  ...[
    [{ session: 'demo', state: 'echo' }, 'me'],
    [{ session: 'demo', state: 'x', kernel: 'hub' }, 'me'],
    [{}],
    [{ session: [] }],
    [{ state: 'echo' }],
  ],
];
const SAID: readonly Plain[] = ['an error', '', null, [], {}, 5, 'x'.repeat(1_000), 'x'.repeat(1_001), 'a line\nand another\x00'];

/** All of them, asked by `id`. */
export function formsOf(id: string, alias: string): readonly Plain[] {
  const rsvp = { kernel: id, session: 'S', state: 'back' };
  const asked =
    (state: string) =>
    (params: Plain): Form => ({ event: `poe:/${state}`, params, rsvp });
  const echo: Form = { event: 'poe:/demo/echo', params: 'said', rsvp };
  const lists = (['demo/echo', 'demo/void', 'demo/list', 'demo/add', 'IKC/ping', 'demo/fail'] as const).flatMap(state =>
    [0, 1].map(wantarray => ({ event: `poe:/${state}`, params: [1, 2], rsvp, wantarray })),
  );
  return [
    ...rsvps(id, alias).map(each => ({ ...echo, rsvp: each })),
    ...EVENTS.map(each => ({ ...echo, event: each })),
    ...EVENTS.map(each => ({ ...echo, event: each, from: 'poe:/own/s' })),
    ...FROMS.flatMap(from => [
      { ...echo, from },
      { ...echo, event: 'poe:/demo/fail', from },
    ]),
    ...FLAGS.flatMap(flag => [
      { ...echo, wantarray: flag },
      { ...echo, is_error: flag },
      { ...echo, event: 'poe:/demo/fail', is_error: flag },
    ]),
    ...PROXIED.map(params => ({ event: 'poe:/demo/IKC:proxy', params, rsvp })),
    ...PROXIED.map(params => ({ event: { session: 'demo', state: 'IKC:proxy' }, params, rsvp })),
    ...SUMS.map(asked('demo/add')),
    ...DELAYS.map(asked('demo/slow')),
    ...FORWARDED.map(asked('demo/forward')),
    ...WANTED.map(asked('IKC/do_you_have')),
    ...SAID.map(asked('IKC/remote_error')),
    ...SAID.map(params => ({ event: 'poe:/IKC/remote_error', params, is_error: 1 })),
    ...['demo/void', 'demo/note', 'demo/list', 'demo/count', 'IKC/ping'].map(state => asked(state)('whatever')),
    ...['demo/void', 'demo/note', 'demo/fail', 'demo/not-there', 'nothing/x'].map(state => ({ event: `poe:/${state}` })),
    ...lists,
    [],
    [1],
    {},
  ];
}
