/**
 * What was kept for later gets there: at least once, in order, and is removed only then.
 */
import {
  type AlwaysProperty,
  always,
  type EventuallyProperty,
  eventually,
  type SometimesProperty,
  sometimes,
} from '../../../src/check/property.ts';
import { type Duration, formatTime } from '../../../src/host/time.ts';
import { latin1Of } from '../../../src/impl/lonc/latin1.ts';
import { KEEPER } from '../daemons/names.ts';
import { Spool } from '../model/spool.ts';
import { DELIVERY_KINDS, Deliveries } from '../parts/deliveries.ts';
import { SPOOL } from '../parts/places.ts';
import { isLog, machineOf, programOf } from '../parts/processes.ts';

export const delayedInOrder: AlwaysProperty = always(
  'delayed-in-order',
  'No delayed message is answered before those that were kept earlier on the same machine for the same host (A-B10).',
  () => {
    const deliveries = new Deliveries();
    return {
      see: event => {
        for (const command of deliveries.see(event)) {
          const index = deliveries.kept.findIndex(each => each.command === command);
          const kept = deliveries.kept[index];
          if (kept === undefined) continue;
          kept.answered = true;
          const earlier = deliveries.kept.slice(0, index).find(each => each.link === kept.link && !each.answered);
          if (earlier !== undefined) return `'${command}' overtakes '${earlier.command}'`;
        }
        return undefined;
      },
    };
  },
  DELIVERY_KINDS,
);

export const removedWhenAnswered: AlwaysProperty = always(
  'removed-when-answered',
  'The file of a delayed message is removed only once the whole of it was answered, and never renamed (A10, A-B10b).',
  () => {
    const deliveries = new Deliveries();
    return {
      see: event => {
        for (const command of deliveries.see(event)) for (const each of deliveries.kept) if (each.command === command) each.answered = true;
        if ((event.kind !== 'unlink' && event.kind !== 'rename') || programOf(event.process) !== 'gateway-child') return undefined;
        const kept = deliveries.inFile(event);
        return kept === undefined || kept.answered
          ? undefined
          : `${event.process}: ${event.kind} of '${kept.command}', which nobody has answered`;
      },
    };
  },
  DELIVERY_KINDS,
);

export const delayedArrives = (within: Duration): EventuallyProperty =>
  eventually(
    'delayed-arrives',
    `Every message that was kept is read by the lond of its host within ${formatTime(within)} of healing (A10, A-B10e).`,
    { within, goal: 'stays' },
    () => {
      const deliveries = new Deliveries();
      return {
        see: event => {
          deliveries.see(event);
          return deliveries.kept.every(each => each.arrived);
        },
        missing: () => `'${deliveries.kept.find(each => !each.arrived)?.command}' was kept and never arrived`,
      };
    },
    DELIVERY_KINDS,
  );

export const keptAsTold: AlwaysProperty = always(
  'kept-as-told',
  'Who is told that a message is kept finds it in a file with its time, number and beginning in the name; who is not, finds nothing of it.',
  () => {
    const spool = new Spool();
    let left = false;
    return {
      see: event => {
        const { kind, process, time, data, bytes } = event;
        spool.see(event, machineOf(process), latin1Of(bytes ?? EMPTY));
        // What its disk did not remove is there.
        left ||= kind === 'unlink' && data?.['error'] !== undefined && data['error'] !== 'ENOENT';
        if (programOf(process) !== KEEPER || !isLog(event, 'kept', 'not-kept')) return undefined;
        const [count, peer, command] = [Number(data?.['count']), String(data?.['peer']), String(data?.['command'])];
        const files = spool.all(machineOf(process));
        const [, pid = ''] = /\.([0-9]+)$/.exec(process) ?? [];
        const draft = files.find(([path]) => path.startsWith(`${SPOOL}/.${pid}.`));
        const [path] = files.find(([, text]) => text === command) ?? [];
        if (draft !== undefined && !left) return `${process} leaves ${draft[0]}`;
        if (isLog(event, 'not-kept')) return path === undefined || left ? undefined : `'${command}' is not kept, and is in ${path}`;
        const [, epoch, number, by, part, to] = NAME.exec(path?.slice(SPOOL.length + 1) ?? '') ?? [];
        const named = Number(number) >= count && by === pid && part === command.slice(0, PART).replace(/\W/g, '') && to === peer;
        return named && Number(epoch) === EPOCH + Math.floor(time / 1_000_000) ? undefined : `'${command}' is kept in ${path}`;
      },
    };
  },
  ['write', 'rename', 'unlink', 'log'],
);

const NAME = /^([0-9]+)\.([0-9]+)\.([0-9]+)\.([A-Za-z0-9_]*)\.(.+)$/;
/** How much of a message is in the name of its file. */
const PART = 16;
/** When the world begins, in seconds. */
const EPOCH = 1_767_225_600;
const EMPTY = new Uint8Array(0);

export const notKeptMet: SometimesProperty = sometimes(
  'not-kept',
  'A message cannot be kept: the disk is full.',
  () => ({ see: event => isLog(event, 'not-kept') }),
  ['log'],
);

export const unansweredMet: SometimesProperty = sometimes(
  'delayed-kept',
  'A delayed message is sent and not answered.',
  () => ({ see: event => isLog(event, 'delayed-kept') }),
  ['log'],
);

export const cutWithMessageMet: SometimesProperty = sometimes(
  'cut-with-message',
  'The power goes on the machine where a message is kept that has not arrived.',
  () => {
    const deliveries = new Deliveries();
    return {
      see: event => {
        deliveries.see(event);
        return event.kind === 'power' && event.data?.['machine'] === 'h1' && deliveries.kept.some(each => !each.arrived);
      },
    };
  },
  [...DELIVERY_KINDS, 'power'],
);
