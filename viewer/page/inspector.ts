/**
 * One event, whole: when, who, what it says, its messages beside its bytes, what it followed from and what it led to.
 */
import { printable } from '../../src/host/bytes.ts';
import { type Duration, formatTime, type Instant } from '../../src/host/time.ts';
import { channelOf, dataOf, kindOf, NONE, processOf, type Said, saidOf } from '../columns.ts';
import { reasonsOf } from '../cone.ts';
import { effectsOf } from '../links.ts';
import { button, type Child, element } from './elements.ts';
import { HexDump } from './hex.ts';
import type { Side } from './side.ts';

/** Events that are named on each side. */
const NAMED = 12;
const VALUE_SHOWN = 2_000;

/** `name`: its class. `go`: to another event of the same trace. `different`: names of what is not the same in the other trace. */
export function inspected(
  side: Side,
  place: number,
  name: string,
  go: (place: number) => void,
  different: ReadonlySet<string>,
): HTMLElement {
  const { columns, links } = side;
  const { index, time, message, payloads, head } = columns;
  const kind = kindOf(columns, place);
  const process = processOf(columns, place);
  const data = dataOf(columns, place) ?? {};
  const payload = payloads.of(place);
  const dump = payload === undefined || payload.length === 0 ? undefined : new HexDump(payload, payloads.lengths[place] ?? 0);
  const before = links.before[place] ?? NONE;
  const fact = (name: string, text: Child, key = name): Child =>
    text === '' || text === undefined
      ? undefined
      : [element('dt', {}, name), element('dd', { class: different.has(key) ? 'differs' : undefined }, text)];
  return element(
    'article',
    { class: name },
    element('h2', {}, `#${index[place]} `, element('span', { class: 'kind' }, kind), ' ', printable(process) || 'the world'),
    head.decided === place && element('p', { class: 'decided' }, verdictOf(side)),
    element(
      'dl',
      { class: 'facts' },
      fact('time', formatTime((time[place] ?? 0) as Instant)),
      before >= 0 &&
        fact('since', `${formatTime(((time[place] ?? 0) - (time[before] ?? 0)) as Duration)} after #${index[before]} of the same process`),
      fact('channel', printable(channelOf(columns, place))),
      fact('message', (message[place] ?? 0) > 0 ? String(message[place]) : ''),
      fact('bytes', payload === undefined ? '' : String(payloads.lengths[place])),
      Object.entries(data).map(([name, value]) => fact(printable(name, 80), printable(String(value), VALUE_SHOWN), `data.${name}`)),
    ),
    saidOf(columns, place).map(said => messageOf(said, dump)),
    dump !== undefined && [element('h3', { class: different.has('bytes') ? 'differs' : undefined }, 'Payload'), dump.element],
    eventList('Followed from', side, reasonsOf(columns, links, place, NAMED), go),
    eventList('Led to', side, effectsOf(links, place, NAMED), go),
    element('h3', {}, 'In a terminal'),
    element(
      'p',
      {},
      element(
        'code',
        { class: 'command' },
        `slipway show ${shellWord(head.file)} --from ${Math.max(0, (index[place] ?? 0) - 5)} --count 11`,
      ),
    ),
  );
}

export function verdictOf({ columns: { head } }: Side): string {
  const { footer } = head;
  if (footer === null) return `It has no end: ${head.state}`;
  const { outcome, check, why } = footer;
  return printable(
    [outcome === 'fail' ? 'fails' : outcome, check, why === '' ? '' : `– ${why}`].filter(each => each !== '').join(' '),
    VALUE_SHOWN,
  );
}

/** What a field is in the bytes is marked there while somebody points at it. */
function messageOf({ type = '', fields = {}, clause, detail = '', at, length, spans = {} }: Said, dump: HexDump | undefined): Child {
  const isBroken = clause !== undefined;
  const title = element(
    'h3',
    { class: isBroken ? 'broken' : undefined },
    printable(isBroken ? `breaks ${clause}` : type === '' ? '(empty type)' : type, 200),
  );
  const place = at === undefined || length === undefined || length === 0 ? undefined : { at, length };
  pointing(title, dump, place);
  const rows = Object.entries(fields).map(([name, value]) => {
    const span = Object.hasOwn(spans, name) ? spans[name] : undefined;
    const row = element('div', {}, element('dt', {}, printable(name, 80)), element('dd', {}, printable(String(value), VALUE_SHOWN)));
    if (at !== undefined && span !== undefined) pointing(row, dump, { at: at + span[0], length: span[1] });
    return row;
  });
  return [
    title,
    place !== undefined && at !== undefined && at < 0 && element('p', { class: 'note' }, `its first ${-at} bytes came before`),
    isBroken && element('p', {}, printable(detail, VALUE_SHOWN)),
    rows.length > 0 && element('dl', { class: 'fields' }, rows),
  ];
}

function pointing(on: HTMLElement, dump: HexDump | undefined, part: { readonly at: number; readonly length: number } | undefined): void {
  if (dump === undefined || part === undefined) return;
  on.tabIndex = 0;
  on.classList.add('pointing');
  for (const begin of ['pointerenter', 'focus']) on.addEventListener(begin, () => dump.mark(part));
  for (const end of ['pointerleave', 'blur']) on.addEventListener(end, () => dump.mark(undefined));
}

function eventList(title: string, side: Side, places: readonly number[], go: (place: number) => void): Child {
  if (places.length === 0) return undefined;
  return [
    element('h3', {}, title),
    element(
      'ul',
      { class: 'events' },
      places.map(place => {
        const { columns } = side;
        const text = `#${columns.index[place]} ${printable(processOf(columns, place)) || 'the world'} ${kindOf(columns, place)}`;
        return element(
          'li',
          {},
          button(text, 'show this event', () => go(place)),
          element('span', { title: side.words(place) }, side.words(place)),
        );
      }),
    ),
  ];
}

const shellWord = (text: string): string => (/^[\w./@:=-]+$/.test(text) ? text : `'${printable(text).replaceAll("'", "'\\''")}'`);

/** Names of the facts in which two events are not the same. */
export function differences(one: Side, at: number, other: Side, beside: number): ReadonlySet<string> {
  const of = (side: Side, place: number): Readonly<Record<string, string>> => {
    const { time, message, payloads } = side.columns;
    const data = Object.entries(dataOf(side.columns, place) ?? {}).map(([name, value]) => [`data.${name}`, String(value)]);
    return {
      ...Object.fromEntries(data),
      time: String(time[place]),
      channel: channelOf(side.columns, place),
      message: String(message[place]),
      bytes: (payloads.of(place) ?? []).toString(),
    };
  };
  const [left, right] = [of(one, at), of(other, beside)];
  return new Set(Object.keys({ ...left, ...right }).filter(name => left[name] !== right[name]));
}
