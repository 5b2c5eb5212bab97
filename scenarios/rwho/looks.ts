/** What to look at in each recorded run of traces/rwho. */
export const LOOKS: Readonly<Record<string, string>> = {
  'newcomer-told': 'a reports a few seconds after it has heard the newcomer',
  'passed-on-once': 'two servers forward between the same two networks; each passes the report of c on once',
  'nobody-knows-anybody': 'nothing broadcasts, nobody was told of anybody: `no-way-out`, and not one datagram',
  'short-report-inherits': 'RW-03: twelve bytes and a few, and the name of the report before',
  'reader-meets-empty-file': 'RW-09: a record is emptied, read, and then written',
  'relay-storm': 'RW-48: one report, and two servers that pass it to and fro',
  'sender-dies-alone': 'RW-23: SIGKILL to the sender; the receiver goes on and says nothing',
  'down-after-2038': 'RW-18: a report that has just arrived, and the reader says down',
};

/** Who is who in them. */
export const STAGE: string = 'Machine a runs the rwhod that is looked at, f forges reports; `late` is a newcomer.';
