/**
 * THE PUBLISHED TEXT, trap by trap: which decisions (rules.ts) each replaces, and by what.
 * Lacks: what the traps are about (quirks.ts, and README.md).
 */

import { rulesOf } from '../command-line/traps.ts';
import { FIFO_LIMITS } from '../fifo/fifo.ts';
import { decodePairs, type Pairs } from './pairs.ts';
import { FatalError, type PlugIn, type Procedure } from './plug-ins.ts';
import { type Quirks, TRAPS } from './quirks.ts';
import { CORRECTED, type Rules } from './rules.ts';
import { bytesOf, textOf } from './text.ts';
import { NOBODY } from './wire.ts';

const ANY = Number.MAX_SAFE_INTEGER;

export const AS_WRITTEN: Readonly<Record<string, Partial<Rules>>> = {
  'RV-01': { methodTold: 'PUT' },
  'RV-02': { answersDuplicates: false },
  'RV-03': { order: { ...FIFO_LIMITS, ahead: ANY, held: ANY } },
  'RV-04': { epochOf: () => 0, identityOf: () => '' },
  'RV-05': { hostOf: (_, from) => bytesOf(from) },
  'RV-06': { name: /^[A-Za-z0-9._@-]+$/, streamOf: (user, host) => ({ owner: `${user}@${host}`.toLowerCase(), place: '' }) },
  'RV-07': { authenticatesFirst: false },
  'RV-08': { waitsForWorker: false },
  'RV-09': { mergesWorker: false },
  'RV-11': { dropsOutput: false },
  'RV-12': { cancelsAlarm: false },
  'RV-14': { workerEnds: false },
  'RV-16': { outlivesWorker: false },
  'RV-17': { fatalsMax: ANY },
  'RV-18': { identity: (target, before) => before ?? target },
  'RV-20': { clearsOutput: false },
  'RV-21': { keepsFlushed: false },
  'RV-23': { servesMany: false, requestTimeOf: () => undefined, headerMax: ANY },
  // atoi: what begins with digits is a number.
  'RV-24': { lengthOf: values => Math.max(0, Number.parseInt(values.at(-1) ?? '0', 10) || 0) },
  'RV-25': { heedsCoding: false },
  'RV-26': { known: name => name, lengthOf: values => CORRECTED.lengthOf(values.slice(-1)) },
  'RV-27': { strange: 'taken as it is' },
  'RV-28': { readsOnlyByGet: false },
  'RV-29': { asksDaemon: false },
  'RV-30': { cgiUser: () => NOBODY },
  'RV-31': { withoutCommand: callsNull },
  'RV-32': { commandOf: recoverAsCommand, recoverOf: () => undefined },
  'RV-33': { moduleOf: (object, plugIns) => plugIns.find(({ id }) => object.toLowerCase().includes(id.toLowerCase())) },
  'RV-34': { targetOf: ({ user, server }) => (server === '' ? user : server) },
  'RV-36': { segmentOf: () => ANY },
  'RV-37': { declares: false },
  'RV-38': { answersHeld: false },
  'RV-39': { heedsParent: false },
  'RV-42': { orderedBy: firstSaid, strange: 'taken as it is' },
  'RV-43': { keepsPrinted: false },
  'RV-44': { keepsDurably: false },
};

export const rulesFor = (quirks: Quirks): Rules => rulesOf(CORRECTED, AS_WRITTEN, TRAPS, quirks);

function callsNull(id: string): Procedure {
  throw new FatalError(`${id}: the command procedure is NULL`);
}

/** The procedure that recovers is called as if it were the command. */
function recoverAsCommand({ id, recover }: PlugIn): Procedure | undefined {
  if (recover === undefined) return undefined;
  return ({ disk, object, data }) => void recover(disk, { module: id, code: 'deliver', object, data });
}

/** Of tokens that are said more than once, the first. */
function firstSaid(body: Uint8Array, pairs: Pairs): Pairs {
  const turned = bytesOf(textOf(body).split('&').toReversed().join('&'));
  const first = decodePairs(turned, { strange: 'taken as it is' });
  return 'problem' in first ? pairs : first;
}
