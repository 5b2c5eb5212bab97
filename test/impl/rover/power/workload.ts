/** Thirty requests of five streams, what a server must make of each, told a second time and simply, and when they are asked. */
import { utf8 } from '../../../../src/host/bytes.ts';
import type { StreamName } from '../../../../src/impl/fifo/fifo.ts';

export interface Asked {
  readonly stream: StreamName;
  readonly number: number;
  readonly command: string;
  readonly object: string;
  readonly data: string;
  /** The client has the answers up to this one. */
  readonly acked: number;
}

/** What becomes of one request, in the state that those before it of its stream have left. */
export interface Expected {
  readonly status: number;
  /** Of an answer that is `done`. */
  readonly body: string;
  /** The object of the request afterwards. */
  readonly value: string;
  /** A line that is delivered. */
  readonly line: string | undefined;
}

type Row = readonly [command: string, object?: string, data?: string, acked?: number];

/** No two streams have an object in common, so that the order of a stream is all that matters. */
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  'ann laptop': [
    ['EXPORT', 'Irolo__work', 'ann\t1\nbob\t2'],
    ['IMPORTDATA', 'Irolo__work'],
    ['EXPORT', 'Irolo__work', 'cid\t3\nann\t4'],
    ['EXPORT', 'Agent__box', 'first of ann'],
    ['EXPORT', 'Irolo__work', 'bob\t'],
    ['IMPORTBINARY', 'Irolo__work'],
    ['RESET', 'Irolo__work'],
    ['EXPORT', 'Irolo__work', 'eve\t5'],
  ],
  'ann phone': [
    ['EXPORT', 'Agent__box', 'second of ann'],
    ['EXPORT', 'Agent__box', 'third of ann'],
    ['EXPORT', 'Irolo__home', 'dad\t6', 1],
    ['IMPORTDATA', 'Irolo__home'],
    ['EXPORT', 'Agent__box', 'fourth of ann'],
  ],
  'bob desk': [
    ['EXPORT', 'Irolo__work', 'ann\t7'],
    ['TESTEXPORT', 'Irolo__work', '120\nslow\t8'],
    ['EXPORT', 'Irolo__work', 'no card'],
    ['EXPORT', 'Agent__box', 'first of bob'],
    ['IMPORTDATA', 'Irolo__work'],
    ['EXPORT', 'Irolo__work', 'ann\t\nslow\t9', 3],
    ['IMPORTDATA', 'Irolo__work'],
  ],
  'cid phone': [
    ['EXPORT', 'Agent__cid', 'a'],
    ['EXPORT', 'Agent__cid', 'b'],
    ['EXPORT', 'Agent__cid', 'a'],
    ['TESTERROR', '', 'as asked'],
    ['EXPORT', 'Irolo__c', 'x\ty'],
    ['IMPORTDATA', 'Irolo__c'],
  ],
  'nobody kiosk': [['TESTECHO', '', 'hello'], ['EXPORT', 'Irolo__work', 'x\ty'], ['IMPORTDATA', 'Irolo__work'], ['TESTNULL']],
};

export const nameOf = ({ owner, place }: StreamName): string => `${owner} ${place}`;

/** In the order of each stream. */
export const STREAMS: ReadonlyMap<string, readonly Asked[]> = new Map(
  Object.entries(ROWS).map(([name, rows]) => {
    const [owner = '', place = ''] = name.split(' ');
    const asked = rows.map(([command, object = '', data = '', acked = 0], at) => ({
      stream: { owner, place },
      number: at + 1,
      command,
      object,
      data,
      acked,
    }));
    return [name, asked];
  }),
);

export const REQUESTS: readonly Asked[] = [...STREAMS.values()].flat();

/** A rolodex and a mailbox, as simple as they can be told. */
function expectedOf(requests: readonly Asked[]): readonly Expected[] {
  const objects = new Map<string, Map<string, string>>();
  return requests.map(({ stream, number, command, object, data }): Expected => {
    const cards = objects.get(object) ?? new Map<string, string>();
    objects.set(object, cards);
    const text = (): string =>
      [...cards]
        .map(([name, value]) => `${name}\t${value}\n`)
        .sort()
        .join('');
    const end = (status: number, body: string, line?: string): Expected => ({ status, body, value: text(), line });
    const changes = command === 'EXPORT' || command === 'RESET' || command === 'TESTEXPORT';
    if (changes && stream.owner === 'nobody') return end(403, '');
    if (command === 'TESTERROR') return end(422, '');
    if (command === 'TESTECHO') return end(200, data);
    if (command === 'RESET') cards.clear();
    if (command === 'EXPORT' && object.startsWith('Agent'))
      return end(200, 'delivered\n', `${stream.owner} ${stream.place} 0 ${number} ${data}`);
    if (command === 'EXPORT' || command === 'TESTEXPORT') {
      const lines = data.split('\n').slice(command === 'EXPORT' ? 0 : 1);
      if (lines.some(line => !line.includes('\t'))) return end(422, '');
      for (const line of lines) {
        const [name = '', value = ''] = line.split('\t');
        if (value === '') cards.delete(name);
        else cards.set(name, value);
      }
    }
    if (command.startsWith('IMPORT')) return end(200, text());
    return end(200, changes ? `${cards.size} cards\n` : '');
  });
}

export const EXPECTED: ReadonlyMap<string, readonly Expected[]> = new Map([...STREAMS].map(([name, asked]) => [name, expectedOf(asked)]));

export const expectedFor = ({ stream, number }: Pick<Asked, 'stream' | 'number'>): Expected => {
  const found = EXPECTED.get(nameOf(stream))?.[number - 1];
  if (found === undefined) throw new Error(`nobody asks ${nameOf(stream)} ${number}`);
  return found;
};

export const USERS: Uint8Array = utf8('ann s3cret\nbob tr0ut\ncid x\n');
export const SECRETS: Readonly<Record<string, string>> = { ann: 's3cret', bob: 'tr0ut', cid: 'x', nobody: '' };

/** Which requests are asked at once, one after the other: early ones, and some twice. */
export const TURNS: readonly (readonly (readonly [stream: string, number: number])[])[] = [
  [
    ['ann laptop', 2],
    ['ann phone', 1],
    ['cid phone', 1],
  ],
  [
    ['ann laptop', 1],
    ['ann laptop', 1],
    ['bob desk', 3],
  ],
  [
    ['bob desk', 1],
    ['cid phone', 3],
    ['nobody kiosk', 2],
  ],
  [
    ['bob desk', 2],
    ['nobody kiosk', 1],
    ['ann laptop', 2],
  ],
  [
    ['ann laptop', 4],
    ['cid phone', 2],
    ['cid phone', 3],
  ],
  [
    ['ann laptop', 3],
    ['ann phone', 3],
    ['bob desk', 4],
  ],
  [
    ['ann phone', 2],
    ['ann laptop', 6],
    ['bob desk', 2],
  ],
  [
    ['ann laptop', 5],
    ['cid phone', 4],
    ['nobody kiosk', 3],
  ],
  [
    ['cid phone', 6],
    ['ann phone', 4],
    ['bob desk', 6],
  ],
  [
    ['bob desk', 5],
    ['cid phone', 5],
    ['ann laptop', 7],
  ],
  [
    ['ann laptop', 8],
    ['nobody kiosk', 4],
    ['bob desk', 7],
    ['ann phone', 5],
  ],
];
