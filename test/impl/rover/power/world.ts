/** A Rover daemon of a world on a disk as it was found, and somebody who asks the thirty requests until each has its last answer. */
import { concat, textOf, utf8 } from '../../../../src/host/bytes.ts';
import type { Daemon, Host, ListenHandler, Storage, Stream, StreamHandler } from '../../../../src/host/host.ts';
import { fail } from '../../../../src/host/result.ts';
import { instantOf, millis, ORIGIN } from '../../../../src/host/time.ts';
import { type AnswerItem, AnswerReader } from '../../../../src/impl/rover/answer-reader.ts';
import { encodePairs } from '../../../../src/impl/rover/pairs.ts';
import { programs, roverDaemon } from '../../../../src/impl/rover/programs.ts';
import { FORM_TYPE } from '../../../../src/impl/rover/wire.ts';
import { Prng } from '../../../../src/sim/core/prng.ts';
import type { RefusableCall } from '../../../../src/sim/core/refusals.ts';
import type { Disk } from '../../../../src/sim/disk/disk.ts';
import type { DiskImage } from '../../../../src/sim/disk/images.ts';
import { World } from '../../../../src/sim/world.ts';
import type { TraceEvent } from '../../../../src/trace/event.ts';
import { AT_ONCE } from '../../../sim/kit.ts';
import { type Asked, nameOf, REQUESTS, SECRETS, STREAMS, TURNS } from './workload.ts';

/** What the server has said of a request. */
export interface Said {
  readonly status: number;
  readonly result: string;
  readonly body: string;
  readonly replayed: boolean;
}

/** What it has said of all of them, at the moment when it said so: whoever hears it may rely on it. */
export interface Promises {
  /** The first last answer of each request. */
  readonly answers: Map<string, Said>;
  /** That are safe: held, or answered. */
  readonly safe: Set<string>;
}

export const promises = (of?: Promises): Promises => ({ answers: new Map(of?.answers), safe: new Set(of?.safe) });
export const keyOf = ({ stream, number }: Pick<Asked, 'stream' | 'number'>): string => `${nameOf(stream)} ${number}`;

export const STATE = '/state';
const ARGS = ['--listen=0.0.0.0:9090', `--state=${STATE}`, '--users=/users', '--segment=4096', '--timeout=50', '--tests'];
const SERVER = '10.0.0.1';

export interface Options {
  readonly image: DiskImage;
  readonly said: Promises;
  /** As `TURNS` has it, and then what is not answered; or all at once. */
  readonly order: 'turns' | 'at once';
  /** Told of each call of storage that the server makes, before it is made; `serving`: it has listened before. */
  readonly look?: (disk: Disk, serving: boolean) => void;
  /** What becomes of the daemon's calls of storage, from 0. forgotten: a sync that fails for good. */
  readonly fails?: (number: number, call: keyof Storage) => 'EIO' | 'ENOSPC' | 'forgotten' | undefined;
}

export interface Outcome {
  readonly disk: Disk;
  /** The last answer that each request got. */
  readonly answers: ReadonlyMap<string, Said>;
  readonly logs: readonly string[];
}

/** Until every request has its last answer. Throws if that is not so after a minute. */
export function run({ image, said, order, look, fails }: Options): Outcome {
  const answers = new Map<string, Said>();
  const logs: string[] = [];
  const world = new World({
    seed: 'power',
    local: AT_ONCE,
    programs: { ...programs, 'rover-daemon': host => heard(host, said, failing(host, server.disk, fails)), asker: asker(order, answers) },
    sink: (event: TraceEvent) => {
      if (event.kind !== 'log') return;
      logs.push(`${event.process} ${JSON.stringify(event.data)}`);
      serving ||= event.data?.['event'] === 'listening';
    },
  });
  let serving = false;
  const server = world.machine('server');
  for (const [path, content] of image) {
    if (content === 'directory') server.disk.makeDirectory(path, ORIGIN);
    else server.disk.write(path, content, ORIGIN);
  }
  server.disk.powerCut('kept', new Prng(''));
  if (look !== undefined) {
    world.observe({ called: () => {}, refusable: (_, call) => STORED.has(call) && look(server.disk, serving), over: () => {} });
  }
  server.start('rover', ARGS);
  world.machine('client').start('asker');
  for (let time = 1; answers.size < REQUESTS.length; time++) {
    if (world.bugs.length > 0) throw world.bugs[0];
    if (time > 600)
      throw new Error(
        `not answered: ${REQUESTS.map(keyOf)
          .filter(key => !answers.has(key))
          .join(', ')}\n${logs.slice(-20).join('\n')}`,
      );
    world.run(instantOf(time * 100_000));
  }
  look?.(server.disk, true);
  return { disk: server.disk, answers, logs };
}

const STORED: ReadonlySet<RefusableCall> = new Set(['read', 'write', 'append', 'rename', 'unlink', 'mkdir', 'list', 'stat', 'sync']);

// ── what the server says ────────────────────────────────────────────────────────────────────────────────────────────

/** The daemon; what it writes to a connection is noted as it is written. */
function heard(host: Host, said: Promises, storage: Storage): void {
  const network = over(host.network, {
    listen: (at, options, handler) =>
      host.network.listen(at, options, over(handler, { accept: stream => overheard(stream, handler, said) })),
  });
  roverDaemon(over(host, { network, storage }));
}

function failing({ storage }: Host, disk: Disk, fails: Options['fails']): Storage {
  if (fails === undefined) return storage;
  let calls = 0;
  return new Proxy(storage, {
    get: (target, name: keyof Storage) => (path: string, other: never) => {
      const failure = fails(calls++, name);
      if (failure === 'forgotten') return disk.failSync(path);
      return failure === undefined ? target[name](path, other) : fail(failure, `${name} ${path}`);
    },
  });
}

function overheard(stream: Stream, listener: ListenHandler, said: Promises): StreamHandler {
  const read: Uint8Array[] = [];
  const written: Uint8Array[] = [];
  const note = (): void => {
    const item = readAnswer(concat(written));
    const text = textOf(concat(read));
    const [, user = '', place = '', number = ''] = /USER=([^&]*)&HOST=([^&]*)&MSGID=([0-9]*)/.exec(text) ?? [];
    if (item?.kind !== 'answer' || user === '') return;
    const key = `${user} ${place} ${number}`;
    const { answer } = item;
    if (answer.result !== 'busy' && answer.result !== 'refused') said.safe.add(key);
    if (isLast(answer.result) && !said.answers.has(key)) said.answers.set(key, saidOf(item));
  };
  const write = (bytes: Uint8Array): number => {
    written.push(bytes.slice());
    note();
    return stream.write(bytes);
  };
  const handler = listener.accept(over(stream, { write }));
  const data = (bytes: Uint8Array): void => {
    read.push(bytes.slice());
    handler.data(bytes);
  };
  return over(handler, { data });
}

/** The same with some members in the place of its own, of whatever class it is. */
function over<T extends object>(of: T, members: Partial<T>): T {
  return new Proxy(of, {
    get: (target, name) => {
      const value: unknown = Reflect.get(name in members ? members : target, name);
      return typeof value === 'function' ? value.bind(name in members ? members : target) : value;
    },
  });
}

function readAnswer(bytes: Uint8Array): AnswerItem | undefined {
  return new AnswerReader().feed(bytes);
}

const isLast = (result: string): boolean => result === 'done' || result === 'failed';

function saidOf(item: AnswerItem & { readonly kind: 'answer' }): Said {
  const { status, result, body, replayed } = item.answer;
  return { status, result, body: textOf(body), replayed: replayed === true };
}

// ── who asks ────────────────────────────────────────────────────────────────────────────────────────────────────────

const AGAIN = millis(40);

/** Asks everything, again and again, each on a connection of its own. */
const asker =
  (order: Options['order'], answers: Map<string, Said>): Daemon =>
  host => {
    const ask = (asked: Asked): void => {
      const later = (): void => {
        if (!answers.has(keyOf(asked))) host.clock.setTimer(AGAIN, () => ask(asked));
      };
      host.network.connect({ transport: 'tcp', address: SERVER, port: 9090 }, {}, connected => {
        if (!connected.ok) {
          later();
          return NOTHING;
        }
        const reader = new AnswerReader();
        connected.value.write(requestBytes(asked));
        return {
          data: bytes => {
            const item = reader.feed(bytes);
            if (item === undefined) return;
            if (item.kind === 'problem') throw new Error(`${keyOf(asked)}: ${item.problem}`);
            if (item.answer.result === 'refused') throw new Error(`${keyOf(asked)}: ${textOf(item.answer.body)}`);
            if (isLast(item.answer.result)) answers.set(keyOf(asked), saidOf(item));
          },
          end: () => {
            connected.value.close();
            later();
          },
          close: later,
        };
      });
    };
    const find = (stream: string, number: number): Asked => {
      const found = STREAMS.get(stream)?.[number - 1];
      if (found === undefined) throw new Error(`no request ${stream} ${number}`);
      return found;
    };
    if (order === 'at once') for (const asked of REQUESTS) ask(asked);
    else
      for (const [at, turn] of TURNS.entries())
        host.clock.setTimer(millis(20 + 15 * at), () => {
          for (const [stream, number] of turn) ask(find(stream, number));
        });
  };

const NOTHING: StreamHandler = { data: () => {} };

export function requestBytes({ stream, number, command, object, data, acked }: Asked): Uint8Array {
  const pairs: Readonly<Record<string, string>> = {
    USER: stream.owner,
    HOST: stream.place,
    MSGID: `${number}`,
    AUTH: SECRETS[stream.owner] ?? '',
    COMMAND: command,
    OBJECT: object,
    DATA: data,
    ACKED: `${acked}`,
  };
  const body = encodePairs(new Map(Object.entries(pairs).map(([token, value]) => [token, utf8(value)])));
  return concat([utf8(`POST /rover HTTP/1.0\r\nContent-Type: ${FORM_TYPE}\r\nContent-Length: ${body.length}\r\n\r\n`), body]);
}
