/**
 * Mutants that are our own implementation with one quirk: the traps of the published source that these cases can see. The
 * others take another kind of run, which the scenarios and the tests of the implementation have.
 */

export interface Quirky {
  readonly role: 'child' | 'parent';
  readonly name: string;
  readonly text: string;
  readonly args: readonly string[];
}

const PARENT = ['--grace=200', '--kill-after=200'];

export const QUIRKY: readonly Quirky[] = [
  { role: 'child', name: 'dc-01', text: 'speaks the event ids of 2016 (DC-01, DC-02)', args: ['--event-ids=comment'] },
  { role: 'child', name: 'dc-04', text: 'loses a request that comes too early (DC-04)', args: ['--quirk=lost-shutdown-request'] },
  { role: 'child', name: 'dc-06', text: 'waits until its events are taken (DC-06)', args: ['--quirk=blocking-notify'] },
  { role: 'parent', name: 'dc-01', text: 'reads ids by the comment (DC-01)', args: [...PARENT, '--quirk=comment-event-ids'] },
  {
    role: 'parent',
    name: 'dc-16',
    text: 'leaks the write end of the control pipe (DC-16)',
    args: [...PARENT, '--quirk=leaked-control-write-end'],
  },
  { role: 'parent', name: 'dc-19', text: 'takes a payload of any length (DC-19)', args: [...PARENT, '--quirk=no-payload-limit'] },
  { role: 'parent', name: 'dc-20', text: 'takes every chunk for whole frames (DC-20)', args: [...PARENT, '--quirk=whole-frame-per-chunk'] },
  { role: 'parent', name: 'dc-21', text: 'has a new reader for each message (DC-21)', args: [...PARENT, '--quirk=reader-per-message'] },
  {
    role: 'parent',
    name: 'dc-22',
    text: 'stops reading after the addresses (DC-22)',
    args: [...PARENT, '--quirk=stops-reading-after-addresses'],
  },
];
