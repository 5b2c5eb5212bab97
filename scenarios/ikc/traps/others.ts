/**
 * The traps of the small client, and those that were found last: B-T21 to B-T29: a row for each.
 */
import { utf8 } from '../../../src/host/bytes.ts';
import { QUIRK } from '../../../src/impl/ikc/quirks.ts';
import { CALL, caller, HUB_SERVER, listener, lite, OF_LITE, ours } from '../parts/cast.ts';
import { frameOf } from '../parts/requests.ts';
import { ACCEPTS, answer, frame, GREETS, HEARS_NAME, joins, raw, SERVES_LITE, UNASKED, wait } from '../parts/said.ts';
import type { IkcTrap } from '../parts/trap.ts';
import { errorsTellLittle, junkIsNoAnswer, kernelsSurvive, refusedIsUnused } from '../properties/quirks.ts';
import { allFinish, outcomesAreOwn } from '../properties/steps.ts';

export const OTHER_TRAPS: readonly IkcTrap[] = [
  {
    quirk: QUIRK.ALARM_STAYS,
    title: 'A small client whose serializer is refused says so, and lives on.',
    cast: () => ({ hub: [listener(...SERVES_LITE, 'say=NOT', 'ends')], others: [[0, lite(...OF_LITE, '--pause=20000')]] }),
    properties: [kernelsSurvive, allFinish('50 s')],
    fails: ['kernels-survive'],
  },
  {
    quirk: QUIRK.LOSE_STEP,
    title: 'A frame that nobody waits for is skipped.',
    cast: () => ({
      hub: [listener(...SERVES_LITE, ...ACCEPTS, 'hear=#1', frame(UNASKED), frame(answer(0, 'x')), 'hear=#1', frame(answer(1, 'y')))],
      others: [[0, lite(...OF_LITE)]],
    }),
    properties: [outcomesAreOwn(), allFinish('30 s')],
    fails: ['outcomes-are-own'],
  },
  {
    // Half of a frame is behind the one that was waited for.
    quirk: QUIRK.DROP_REST,
    title: 'What comes behind an answer is not lost.',
    cast: ({ count, gap }) => {
      const rest = frameOf(UNASKED);
      const at = 10 + 20 * count;
      return {
        hub: [
          listener(
            ...[...SERVES_LITE, ...ACCEPTS, 'hear=#1', raw(frameOf(answer(0, 'x')), rest.subarray(0, at)), wait(gap)],
            ...[raw(rest.subarray(at)), 'hear=#1', frame(answer(1, 'y'))],
          ),
        ],
        others: [[0, lite(...OF_LITE)]],
      };
    },
    properties: [outcomesAreOwn(), allFinish('30 s')],
    fails: ['outcomes-are-own'],
  },
  {
    quirk: QUIRK.SEEK_LENGTH,
    title: 'What is no frame is none.',
    cast: ({ count }) => ({
      hub: [listener(...SERVES_LITE, ...ACCEPTS, 'hear=#1', raw(utf8('junk '.repeat(1 + count)), frameOf(answer(0, 'x'))))],
      others: [[0, lite(CALL)]],
    }),
    properties: [junkIsNoAnswer, allFinish('30 s')],
    fails: ['junk-is-no-answer'],
  },
  {
    quirk: QUIRK.WAIT_AS_SERVER,
    title: 'One of two kernels begins.',
    cast: () => ({ hub: [HUB_SERVER], others: [[0, ours(CALL)]] }),
    properties: [outcomesAreOwn(), allFinish('15 s')],
    fails: ['all-finish'],
    chaos: 5,
  },
  {
    // Bytes that are no frame end the link, and its peer does not end its side.
    quirk: QUIRK.COUNT_UNSENT,
    title: 'What cannot be sent any more does not count as sent.',
    cast: ({ gap }) => ({
      hub: [HUB_SERVER],
      others: [
        [0, caller(...joins('id1'), 'keeps', raw(utf8('junk')))],
        [500 + gap, ours('--call=poe:/demo/forward ["poe://id1/S/note",5]')],
      ],
    }),
    properties: [outcomesAreOwn(), allFinish('20 s')],
    fails: ['outcomes-are-own'],
  },
  {
    quirk: QUIRK.TELL_ALL,
    title: 'An error tells what was asked for.',
    cast: ({ turn }) => ({ hub: [HUB_SERVER], others: [[0, ours(...(turn === 0 ? [] : [CALL]), '--call=poe:/secret/state')]] }),
    properties: [errorsTellLittle, outcomesAreOwn(), allFinish('20 s')],
    fails: ['errors-tell-little'],
  },
  {
    // The last answers to the names of the client come with some too many.
    quirk: QUIRK.TAKE_SURPLUS,
    title: 'An answer too many is not taken for another one.',
    cast: ({ count, turn }) => ({
      hub: [
        listener(
          ...[...GREETS, ...HEARS_NAME, raw(utf8('OK\r\n'.repeat(2 + count))), 'hear=FREEZER', 'say=NOT'],
          ...[...(turn === 0 ? [] : ['say=NOT']), 'hear=WORLD', 'say=UP'],
        ),
      ],
      others: [[0, ours('--serializer=JSON', '--serializer=Storable', CALL)]],
    }),
    properties: [refusedIsUnused],
  },
];
