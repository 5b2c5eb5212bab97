/**
 * `slipway grep`: the events of a trace in which something is, in the language of the viewer.
 */

import { hex, printable } from '../../src/host/bytes.ts';
import { DecodedTrace } from '../../src/trace/decoded.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { channelsOf, filterOf, parseFilter } from '../../src/trace/filter.ts';
import type { Item } from '../../src/trace/message.ts';
import { showEvent } from '../event-lines.ts';
import { EXIT, type ExitCode, usage } from '../exit.ts';
import { noteDropped, noteProblems } from '../in-part.ts';
import { knownEvents } from '../known.ts';
import { count, plural, type Screen } from '../screen.ts';
import { requireKinds } from '../selection.ts';

/** Events of one JSON document, and bytes of them and of their messages; what is found beyond is counted. */
export const FOUND_LIMIT = 100_000;
const FOUND_BYTES_LIMIT = 33_554_432;

/** Of the events that are found those that are told; the rest is counted. */
export class Found {
  readonly #limit: number;
  readonly #bytesLimit: number;
  readonly told: unknown[] = [];
  #bytes = 0;
  count = 0;

  constructor(limit: number = FOUND_LIMIT, bytesLimit: number = FOUND_BYTES_LIMIT) {
    this.#limit = limit;
    this.#bytesLimit = bytesLimit;
  }

  get omitted(): number {
    return this.count - this.told.length;
  }

  add(event: TraceEvent, items: readonly Item[]): void {
    this.count++;
    if (this.told.length >= this.#limit || this.#bytes >= this.#bytesLimit) return;
    this.told.push(jsonOf(event, items));
    this.#bytes += (event.bytes?.length ?? 0) + items.reduce((sum, item) => sum + (item.kind === 'message' ? item.bytes.length : 0), 0);
  }
}

/** Ends with 0 where there is one, and with 3 where there is none. `limit`: events of one JSON document. */
export async function grep(
  file: string,
  words: readonly string[],
  modules: readonly string[],
  screen: Screen,
  limit: number = FOUND_LIMIT,
): Promise<ExitCode> {
  const option = words.find(each => each.startsWith('--'));
  if (option !== undefined) throw usage(`unknown option '${printable(option, 40)}'`);
  const parsed = parseFilter(words.join(' '));
  if (!parsed.ok) throw usage(parsed.message);
  requireKinds(parsed.terms.filter(({ key, operator }) => key === 'kind' && operator === ':').map(({ value }) => value.toLowerCase()));
  const { decoders, ending, each } = await knownEvents(file, modules);
  const meant = filterOf(parsed.terms, { decided: ending?.at ?? -1 });
  const isAsked = channelsOf(parsed.terms);
  const decoded = new DecodedTrace(decoders);
  const found = new Found(screen.json ? limit : 0);
  let all = 0;
  const problems = await each(event => {
    all++;
    if (!isAsked(event.channel)) return;
    const items = decoded.see(event);
    if (!meant(event, items)) return;
    found.add(event, items);
    if (!screen.json) showEvent(event, items, screen);
  });
  screen.line(`${plural(found.count, 'event')} of ${all}`);
  noteDropped(decoded.dropped, screen);
  noteProblems(file, problems, screen);
  const { told, omitted } = found;
  if (screen.json && omitted > 0) screen.note(`only the first ${plural(told.length, 'event')} are told, ${count(omitted)} more were found`);
  screen.value({ format: 'slipway-found', v: 1, file, events: told, omitted });
  return found.count === 0 ? EXIT.nothingRan : EXIT.ok;
}

const jsonOf = ({ bytes, ...event }: TraceEvent, items: readonly Item[]): unknown => ({
  ...event,
  ...(bytes === undefined ? {} : { bytes: hex(bytes) }),
  messages: items.map(item => ({ ...item, ...(item.kind === 'message' ? { bytes: hex(item.bytes) } : {}) })),
});
