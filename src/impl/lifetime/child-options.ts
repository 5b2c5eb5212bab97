/**
 * The command line of the child. The first four options are the protocol's (README.md, C1), the others say what kind of
 * daemon it plays.
 */
import { unhex } from '../../host/bytes.ts';
import type { Storage, TcpEndpoint } from '../../host/host.ts';
import { type Duration, millis } from '../../host/time.ts';
import { EVENT_TABLES, type EventTable } from './event-ids.ts';
import { Options, type UsageError } from './options.ts';
import { type Outgoing, outgoing } from './outgoing.ts';
import type { Quirks } from './quirks.ts';
import { PAYLOAD_MAX } from './wire.ts';

/** `Rules`: what the child decides by. */
export interface ChildOptions<Rules> {
  readonly pipetx: number | undefined;
  readonly piperx: number | undefined;
  readonly lifetimeEvents: boolean;
  readonly addressEvents: boolean;
  readonly p2pListeners: readonly TcpEndpoint[];
  readonly rpcListeners: readonly TcpEndpoint[];
  readonly ids: EventTable;
  readonly stepDelay: Duration;
  readonly database: string | undefined;
  /** main starts neither writer nor drain nor control reader: ipc.go alone (DC-05). */
  readonly ipcOnly: boolean;
  /** Sent after 1,0, `repeat` times over: events first, then messages. */
  readonly extraEvents: readonly (readonly [event: number, id: number])[];
  readonly extraMessages: readonly Outgoing[];
  readonly repeat: number;
  readonly rules: Rules;
}

const DESCRIPTOR_MAX = 1_048_575;
const REPEAT_MAX = 1_000_000;
const STEP_DELAY: Duration = millis(3);
const ANY_PORT: readonly string[] = ['127.0.0.1:0'];

/** What decides before there is a child: which descriptor a number is that was given. */
interface DescriptorRule {
  readonly descriptor: (number: number) => number | undefined;
}

export function childOptions<Rules extends DescriptorRule>(
  args: readonly string[],
  storage: Storage,
  rulesOf: (quirks: Quirks) => Rules,
): ChildOptions<Rules> | UsageError {
  const options = new Options(args);
  const rules = rulesOf(options.quirks());
  const descriptor = (name: string): number | undefined => {
    const number = options.number(name, DESCRIPTOR_MAX);
    return number === undefined ? undefined : rules.descriptor(number);
  };
  const read: ChildOptions<Rules> = {
    pipetx: descriptor('pipetx'),
    piperx: descriptor('piperx'),
    lifetimeEvents: options.flag('lifetimeevents'),
    addressEvents: options.flag('boundaddrevents'),
    p2pListeners: listeners(options, 'listen', 'nolisten'),
    rpcListeners: listeners(options, 'rpclisten', 'norpc'),
    ids: options.choice('event-ids', EVENT_TABLES, 'constants'),
    stepDelay: options.millis('open-delay') ?? STEP_DELAY,
    database: options.text('database'),
    ipcOnly: options.flag('ipc-only'),
    extraEvents: options.all('event').flatMap(text => eventOf(text, options)),
    extraMessages: [
      ...options.all('message').flatMap(text => messageOf(text, options)),
      ...options.all('blob').flatMap(text => blobOf(text, storage, options)),
    ],
    repeat: options.number('repeat', REPEAT_MAX) ?? 1,
    rules,
  };
  return options.end() ?? read;
}

function listeners(options: Options, name: string, off: string): readonly TcpEndpoint[] {
  const given = options.all(name);
  if (options.flag(off)) return [];
  return (given.length === 0 ? ANY_PORT : given).flatMap(text => {
    const endpoint = endpointOf(text);
    if (endpoint === undefined) options.refuse(`--${name}=${text}: write ADDRESS:PORT, or [ADDRESS]:PORT for IPv6`);
    return endpoint ?? [];
  });
}

export function endpointOf(text: string): TcpEndpoint | undefined {
  const parts = ENDPOINT.exec(text);
  const address = parts?.[1] ?? parts?.[2];
  const port = Number(parts?.[3]);
  return address === undefined || !(port <= 65_535) ? undefined : { transport: 'tcp', address, port };
}

function eventOf(text: string, options: Options): readonly (readonly [number, number])[] {
  const parts = EVENT.exec(text);
  const [event, id] = [Number(parts?.[1]), Number(parts?.[2])];
  if (event <= 255 && id <= 255) return [[event, id]];
  options.refuse(`--event=${text}: write KIND,ID, both from 0 to 255`);
  return [];
}

/** TYPE:HEX or TYPE:HEX:SIZE, where SIZE is what the header will declare. */
function messageOf(text: string, options: Options): readonly Outgoing[] {
  const { type, body, size } = split(text);
  const payload = unhex(body);
  if (payload !== undefined && isSize(size)) return [outgoing(type, payload, size)];
  options.refuse(`--message=${text}: write TYPE:HEX or TYPE:HEX:SIZE`);
  return [];
}

/** TYPE:FILE,FILE… or TYPE:FILE,FILE…:SIZE: a payload made of files, read one after the other when it is sent. */
function blobOf(text: string, storage: Storage, options: Options): readonly Outgoing[] {
  const { type, body, size } = split(text);
  const paths = body.split(',');
  if (body === '' || !isSize(size)) {
    options.refuse(`--blob=${text}: write TYPE:FILE,FILE… or TYPE:FILE,FILE…:SIZE`);
    return [];
  }
  const stated = (path: string): number => {
    const status = storage.stat(path);
    return status.ok ? status.value.size : 0;
  };
  const declared = size ?? paths.reduce((sum, path) => sum + stated(path), 0);
  return [{ type, size: declared, pieces: paths.map(path => () => storage.read(path)) }];
}

function split(text: string): { readonly type: string; readonly body: string; readonly size: number | undefined } {
  const [type = '', body = '', size] = text.split(':');
  return { type, body, size: size === undefined ? undefined : Number(size) };
}

const isSize = (size: number | undefined): boolean => size === undefined || (Number.isInteger(size) && size >= 0 && size <= PAYLOAD_MAX);

const ENDPOINT = /^(?:\[([^\]\s]+)\]|([^:\s[\]]+)):([0-9]{1,5})$/;
const EVENT = /^([0-9]{1,3}),([0-9]{1,3})$/;
