/**
 * `slipway grep`: the events of a trace in which something is, in the language of the viewer.
 */

import { hex, printable } from '../../src/host/bytes.ts';
import { DECODER_LIMIT, DecodedTrace } from '../../src/trace/decoded.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { filterOf, parseFilter } from '../../src/trace/filter.ts';
import type { Item } from '../../src/trace/message.ts';
import { showEvent } from '../event-lines.ts';
import { EXIT, type ExitCode, usage } from '../exit.ts';
import { knownEvents } from '../known.ts';
import { plural, type Screen } from '../screen.ts';

/** Ends with 0 where there is one, and with 3 where there is none. */
export async function grep(file: string, words: readonly string[], modules: readonly string[], screen: Screen): Promise<ExitCode> {
  const option = words.find(each => each.startsWith('--'));
  if (option !== undefined) throw usage(`unknown option '${printable(option, 40)}'`);
  const parsed = parseFilter(words.join(' '));
  if (!parsed.ok) throw usage(parsed.message);
  const { decoders, ending, each } = await knownEvents(file, modules);
  const meant = filterOf(parsed.terms, { decided: ending?.at ?? -1 });
  const decoded = new DecodedTrace(decoders);
  const told: unknown[] = [];
  let [found, all] = [0, 0];
  await each(event => {
    all++;
    const items = decoded.see(event);
    if (!meant(event, items)) return;
    found++;
    if (screen.json) told.push(jsonOf(event, items));
    else showEvent(event, items, screen);
  });
  screen.line(`${plural(found, 'event')} of ${all}`);
  const { dropped } = decoded;
  if (dropped > 0)
    screen.note(
      `${plural(dropped, 'direction')} of streams decoded only in part: more than ${DECODER_LIMIT} were open; bytes are looked at in any case`,
    );
  screen.value({ format: 'slipway-found', v: 1, file, events: told });
  return found === 0 ? EXIT.nothingRan : EXIT.ok;
}

const jsonOf = ({ bytes, ...event }: TraceEvent, items: readonly Item[]): unknown => ({
  ...event,
  ...(bytes === undefined ? {} : { bytes: hex(bytes) }),
  messages: items.map(item => ({ ...item, ...(item.kind === 'message' ? { bytes: hex(item.bytes) } : {}) })),
});
