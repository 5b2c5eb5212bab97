/**
 * The traps of requests and of who is called what, B-T11 to B-T20: a row for each.
 */
import { QUIRK } from '../../../src/impl/ikc/quirks.ts';
import { CALL, caller, HUB_SERVER, ours } from '../parts/cast.ts';
import { back, DEADLY, forward, frame, joins, ping, wait } from '../parts/said.ts';
import type { IkcTrap } from '../parts/trap.ts';
import { answersStay, kernelsSurvive, nothingLeaks, peersFinish } from '../properties/quirks.ts';
import { allFinish, outcomesAreOwn } from '../properties/steps.ts';

export const REQUEST_TRAPS: readonly IkcTrap[] = [
  {
    quirk: QUIRK.DIE_OF_FRAME,
    title: 'A frame of which nothing can be made is answered by an error, and nobody else notices.',
    ranges: { count: [0, DEADLY.length - 1] },
    cast: ({ gap, count }) => ({
      hub: [HUB_SERVER],
      others: [
        [0, ours('--name=c', '--pause=900', '--repeat=4', CALL)],
        [gap, caller(...joins('id1'), DEADLY[count] ?? '', 'hear=#1', frame(ping('id1')), 'hear=#1')],
      ],
    }),
    properties: [kernelsSurvive, peersFinish('20 s'), outcomesAreOwn(), allFinish('20 s')],
    fails: ['kernels-survive', 'peers-finish'],
  },
  {
    quirk: QUIRK.DIE_OF_NAME,
    title: 'Whatever a kernel is called, others go on.',
    cast: ({ turn }) => ({ hub: [HUB_SERVER], others: [[0, caller(...joins(...(turn === 0 ? ['id1', 'a:b'] : ['a:b'])), 'pause=100')]] }),
    properties: [kernelsSurvive, peersFinish('20 s')],
    fails: ['kernels-survive'],
    mayFail: ['peers-finish'],
  },
  {
    quirk: QUIRK.NO_DEFAULT,
    title: 'A call that names no kernel goes to the first peer.',
    cast: () => ({ hub: [HUB_SERVER], others: [[0, ours(CALL)]] }),
    properties: [outcomesAreOwn(), allFinish('20 s')],
    fails: ['outcomes-are-own'],
  },
  {
    quirk: QUIRK.LEAK_WILDCARD,
    title: 'A request to all goes to the peers, as it is.',
    cast: ({ gap }) => ({
      hub: [HUB_SERVER],
      others: [
        [0, caller(...joins('id1'), 'hear=#1')],
        [500 + gap, caller(...joins('id2'), frame(forward('poe://*/demo/note')), 'hear=#1')],
      ],
    }),
    properties: [nothingLeaks, peersFinish('20 s')],
    fails: ['requests-go-as-they-are'],
  },
  {
    quirk: QUIRK.STEAL_ALIAS,
    title: 'Who leaves takes its own names only.',
    cast: ({ gap }) => ({
      hub: [HUB_SERVER],
      others: [
        [0, caller(...joins('id1', 'Same'), 'hear=#1')],
        [500 + gap, caller(...joins('id2', 'Same'), 'end')],
        [1_000, caller(...joins('id3'), frame(forward('poe://Same/S/note')))],
      ],
    }),
    properties: [peersFinish('20 s')],
  },
  {
    quirk: QUIRK.SPOOF_ID,
    title: 'Who says the id of another kernel takes nothing from it.',
    cast: ({ gap }) => ({
      hub: [HUB_SERVER],
      others: [
        [0, caller(...joins('id1'), wait(4_000 + gap), frame(ping('id1')), 'hear=#1')],
        [500 + gap, caller(...joins('id1', 'Other'), 'end')],
      ],
    }),
    properties: [peersFinish('20 s')],
  },
  {
    quirk: QUIRK.KEEP_UNDEF,
    title: 'A call whose result is nothing is answered.',
    cast: ({ turn }) => ({
      hub: [HUB_SERVER],
      others: [[0, ours('--timeout=5000', ...([['--call=poe:/demo/void'], [CALL, '--call=poe:/demo/void', CALL]][turn] ?? []))]],
    }),
    properties: [outcomesAreOwn(), allFinish('20 s')],
    fails: ['outcomes-are-own'],
  },
  {
    quirk: QUIRK.LEND_PERMISSION,
    title: 'An answer goes to who has asked.',
    cast: ({ gap }) => ({
      hub: [HUB_SERVER],
      others: [
        [0, caller(...joins('id1'))],
        [500 + gap, caller(...joins('id2'), frame({ event: 'poe:/demo/echo', params: 1, rsvp: back('id1') }), 'hear=#1')],
      ],
    }),
    properties: [answersStay, peersFinish('20 s')],
  },
  {
    quirk: QUIRK.DIE_OF_SUBSCRIBE,
    title: 'A client subscribes, and goes on.',
    cast: ({ turn }) => ({ hub: [HUB_SERVER], others: [[0, ours(...(turn === 0 ? [] : [CALL]), '--subscribe=poe:/demo/echo', CALL)]] }),
    properties: [kernelsSurvive, outcomesAreOwn(), allFinish('20 s')],
    fails: ['kernels-survive'],
  },
  {
    quirk: QUIRK.IGNORE_SETUP,
    title: 'A client of a later version is told to go on with this one.',
    cast: ({ count }) => ({
      hub: [HUB_SERVER],
      others: [[0, caller(`say=SETUP KERNEL=a,b;FREEZER=Storable;PID=${count}`, 'hear=NOT', ...joins('id1'))]],
    }),
    properties: [peersFinish('20 s')],
  },
];
