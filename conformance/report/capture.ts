/**
 * The traffic of a row as a capture for Wireshark, with what the messages mean in its comments.
 */
import { printable, textOf } from '../../src/host/bytes.ts';
import type { Capture } from '../../src/trace/capture/capture.ts';
import { captureOf } from '../../src/trace/capture/capture.ts';
import { BRINGING } from '../arms/arm.ts';
import type { ChannelName, Wiring } from '../case.ts';
import { feed } from '../judge/judge.ts';
import { describeItem } from '../judge/match.ts';
import type { Row } from '../run/runner.ts';

/** Characters of one comment. */
const NOTE_LIMIT = 500;

export function captureOfRow({ testCase, events, tester, started = 0 }: Row, wiring: Wiring): Capture {
  const notes = new Map<number, string>();
  const told = new Map<ChannelName, number>();
  feed(testCase, wiring, events, tester, ({ event, channel, machine }) => {
    if (channel === undefined) return;
    const items = BRINGING.includes(event.kind) ? machine.inbox(channel).history : [];
    const fresh = items.slice(told.get(channel) ?? 0);
    if (BRINGING.includes(event.kind)) told.set(channel, items.length);
    const bytes = event.bytes === undefined ? '' : textOf(event.bytes);
    const text = fresh.length > 0 ? fresh.map(item => describeItem(item, 0)).join('; ') : bytes;
    notes.set(event.index, printable(text === '' ? channel : `${channel}: ${text}`, NOTE_LIMIT));
  });
  return captureOf(events, { process: tester, comment: `${testCase.id}: ${testCase.title}`, notes, started });
}
