/**
 * Frozen sets of requirements: what a score counts. A set that has been published never changes; what is demanded later
 * goes into the next one.
 */

const of = (role: string, names: string): readonly string[] => names.split(/\s+/).map(name => `ikc.${role}.${name}`);

const NOVEMBER_2026: readonly string[] = [
  ...of(
    'server',
    `waits lines hello version ignores setup announces order all-names takes-names refuses-names done refuses not storable json
     refuses-serializer second-serializer loads-nothing all-refused up default pipelined endings pieces split-ending
     split-switch long-line time-limit several any-name frames frame-pieces together zeros early no-frame frame-limit images
     objects sharing minors native unreadable announced deep ping answer from events own-names no-rsvp once in-order
     own-answer third proxy result no-result list failed error error-names error-quiet error-tells published told-error
     no-request bad-rsvp has has-not bad-have default-kernel posts everybody leaks namesakes ids own-id forgets peer-gone
     broken flushes terminates terminates-early flag start-up-table`,
  ),
  ...of(
    'client',
    `hello lines takes-names refuses-names refuses not announces order all-names offers next-serializer all-refused world surplus
     endings pieces split-ending split-switch long-line time-limit notices frames frame-pieces together early no-frame
     frame-limit images json unreadable announced deep posts calls reachable in-order answered once told-error lists
     subscribes states refused ping has error error-quiet no-request done server-gone again terminates terminates-early
     server-name`,
  ),
];

export const SETS: Readonly<Record<string, readonly string[]>> = { '2026-11': NOVEMBER_2026 };
