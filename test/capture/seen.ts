/** What a capture reader tells, as text that can be compared. */
import { type Endpoint, endpointText } from '../../src/capture/endpoint.ts';
import type { FlowSink } from '../../src/capture/flow.ts';
import { type CaptureCounts, CaptureReader } from '../../src/capture/reader.ts';

export interface Seen {
  readonly told: readonly string[];
  /** What each direction of each connection said, holes as `[n]`. */
  readonly streams: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
  readonly counts: CaptureCounts;
  readonly times: readonly number[];
}

const text = (bytes: Uint8Array, start: number, end: number): string => Buffer.from(bytes.subarray(start, end)).toString('latin1');

/** `cuts`: where the file is cut into pieces; default: none. */
export function seen(file: Uint8Array, cuts: readonly number[] = []): Seen {
  const told: string[] = [];
  const times: number[] = [];
  const streams: Record<string, string> = {};
  const say = (line: string, time: number): void => {
    told.push(line);
    times.push(time);
  };
  const add = (id: number, fromClient: boolean, what: string): void => {
    const key = `${id}${fromClient ? '>' : '<'}`;
    streams[key] = (streams[key] ?? '') + what;
  };
  /** By place. */
  const ids: number[] = [];
  const at = (endpoint: Endpoint): string => endpointText(endpoint);
  const sink: FlowSink = {
    dialled: ({ id, client, server }, time) => say(`${id} dials ${at(client)} ${at(server)}`, time),
    opened({ id, place, whole }, time) {
      ids[place] = id;
      say(`${id} opens${whole ? '' : ' midway'}`, time);
    },
    refused: ({ id }, time) => say(`${id} refused`, time),
    data(place, fromClient, bytes, start, end, time) {
      add(ids[place] ?? 0, fromClient, text(bytes, start, end));
      times.push(time);
    },
    hole(connection, fromClient, length) {
      add(connection.id, fromClient, `[${length}]`);
    },
    ended: ({ id }, fromClient, time) => say(`${id}${fromClient ? '>' : '<'} ends`, time),
    reset: ({ id }, byClient, time) => say(`${id}${byClient ? '>' : '<'} resets`, time),
    forgotten: () => {},
    endpointsForgotten: () => {},
    datagram: (from, to, bytes, start, end, time) => say(`${at(from)} ${at(to)} ${text(bytes, start, end)}`, time),
  };
  const reader = new CaptureReader(sink);
  let from = 0;
  for (const cut of [...cuts, file.length]) {
    if (cut <= from) continue;
    reader.feed(file.subarray(from, cut));
    from = cut;
  }
  reader.end();
  return {
    told,
    streams,
    times,
    problems: reader.problems.kept.map(({ offset, message }) => `${offset}: ${message}`),
    counts: reader.counts,
  };
}
