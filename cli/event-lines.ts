/**
 * Events on the screen: a line each, and below it the messages that it completes.
 */
import { formatItem } from '../src/trace/decoded.ts';
import type { TraceEvent } from '../src/trace/event.ts';
import type { Item } from '../src/trace/message.ts';
import { formatEvent } from '../src/trace/view.ts';
import type { Screen } from './screen.ts';

/** As far as where an event says what it is. */
const INDENT = ' '.repeat(42);

export function showEvent(event: TraceEvent, items: readonly Item[], screen: Screen): void {
  screen.line(formatEvent(event));
  for (const item of items) screen.line(`${INDENT}${screen.style('cyan', formatItem(item))}`);
}
