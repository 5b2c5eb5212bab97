/**
 * What the ids of lifetime events mean. The published source contradicts itself: its comment counts a ticket database
 * (the code of 2016-08 to 2017-05), its constants do not. Nothing on the wire tells which one a child speaks (DC-01,
 * DC-02); `identifyTable` says what a recorded sequence gives away.
 */
import { COMPLETE, type Message, STARTING } from './wire.ts';

export type Subsystem = 'database' | 'ticket-database' | 'p2p-server';
export type EventTable = 'constants' | 'comment';

/** Index is the id on the wire. */
export const EVENT_IDS: Readonly<Record<EventTable, readonly Subsystem[]>> = {
  constants: ['database', 'p2p-server'],
  comment: ['database', 'ticket-database', 'p2p-server'],
};

export const EVENT_TABLES: readonly EventTable[] = ['constants', 'comment'];

/** Undefined when the table does not define the id. */
export const subsystemOf = (table: EventTable, id: number): Subsystem | undefined => EVENT_IDS[table][id];

/** Undefined when the table has no id for it: under `constants` there is no ticket database. */
export function idOf(table: EventTable, subsystem: Subsystem): number | undefined {
  const id = EVENT_IDS[table].indexOf(subsystem);
  return id < 0 ? undefined : id;
}

/**
 * Which table a sequence speaks. `comment`: it has id 2. `constants`: an address, or the completion of start-up, came
 * after 0,1 without 0,2: the P2P server of a child of either age starts before both. `neither`: an id no table defines.
 */
export function identifyTable(messages: readonly Message[]): EventTable | 'either' | 'neither' {
  let started = 0;
  let verdict: EventTable | 'either' = 'either';
  for (const message of messages) {
    if (message.kind === 'unknown') continue;
    const proof = message.kind === 'address' || message.event === COMPLETE;
    if (proof) {
      if (verdict === 'either' && started === 1) verdict = 'constants';
      continue;
    }
    if (subsystemOf('comment', message.id) === undefined) return 'neither';
    if (subsystemOf('constants', message.id) === undefined) {
      if (verdict === 'constants') return 'neither';
      verdict = 'comment';
    }
    if (message.event === STARTING) started = message.id;
  }
  return verdict;
}
