/**
 * A suite whose decoders and encoders come back: they are code of whoever wrote the suite, and run where nothing else is heard
 * meanwhile, neither Ctrl-C nor a deadline. One that does not come back throws in the end, and costs its case.
 * Lacks: bounds for a simulated case, which the command line cuts off as a whole.
 */
import { Script } from 'node:vm';
import type { Decoder, Decoders } from '../../../src/trace/message.ts';
import type { ChannelWiring, Wiring } from '../../case.ts';
import type { Suite } from '../../suite.ts';

/** For one call, of which an honest one takes microseconds. */
const LIMIT_MS = 5_000;

export const bounded = (suite: Suite, limit: number = LIMIT_MS): Suite => ({
  ...suite,
  roles: mapped(suite.roles, wiring => ({
    ...wiring,
    channels: mapped(wiring.channels, (channel, name) => boundedChannel(channel, name, limit)),
  })),
});

function boundedChannel(channel: ChannelWiring, name: string, limit: number): Wiring['channels'][string] {
  const { decoder, encoder } = channel;
  const within = <T>(what: string, act: () => T): T => comingBack(act, limit, late(`the ${what} of the channel ${name}`, limit));
  return {
    ...channel,
    ...(decoder === undefined
      ? {}
      : {
          decoder: saved =>
            boundedDecoder(
              within('decoder', () => decoder(saved)),
              act => within('decoder', act),
            ),
        }),
    ...(encoder === undefined ? {} : { encoder: (text, saved) => within('encoder', () => encoder(text, saved)) }),
  };
}

/** The same of those that are asked about a trace. */
export const boundedDecoders = (decoders: Decoders, limit: number = LIMIT_MS): Decoders =>
  mapped(decoders, (made, carrier) => (program, channel) => {
    const within = <T>(act: () => T): T => comingBack(act, limit, late(`the decoder of ${carrier}`, limit));
    const decoder = within(() => made(program, channel));
    return decoder === undefined ? undefined : boundedDecoder(decoder, within);
  });

const boundedDecoder = (decoder: Decoder, within: <T>(act: () => T) => T): Decoder => ({
  feed: (bytes, from) => within(() => decoder.feed(bytes, from)),
  end: () => within(() => decoder.end()),
  get held() {
    return decoder.held ?? 0;
  },
});

const late =
  (what: string, limit: number) =>
  (worked: number): Error =>
    new Error(
      hadNoTime(worked, limit)
        ? `this computer had no time for ${what}: of ${limit / 1_000} s it was given ${(worked / 1_000).toFixed(1)} s`
        : `${what} does not come back: it was ended after ${limit / 1_000} s`,
    );

/**
 * It was the computer that had no time, and not what was waited for: `worked` milliseconds of the processor in `limit` are less than a tenth. What does
 * not come back has more, and honest ones need far less.
 */
export const hadNoTime = (worked: number, limit: number): boolean => worked < limit * WORKED;
const WORKED = 0.1;

/**
 * What `act` returns; `late` is thrown where that takes more than `limit` milliseconds: it is told how many of them this process had of the
 * processor. Costs a tenth of one.
 */
export function comingBack<T>(act: () => T, limit: number, late: (worked: number) => unknown): T {
  const before = process.cpuUsage();
  let returned: { readonly value: T } | undefined;
  acting = () => {
    returned = { value: act() };
  };
  try {
    CALL.runInThisContext({ timeout: limit });
  } catch (thrown) {
    throw thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
      ? late(workedSince(before))
      : thrown;
  }
  if (returned === undefined) throw new Error('what was to be bounded was not called');
  return returned.value;
}

/** Milliseconds. */
function workedSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Only a script can be given a time: it calls what is to be called now. */
const NAME = Symbol.for('slipway.bounded');
let acting: () => void = () => {};
Object.defineProperty(globalThis, NAME, { value: () => acting() });
const CALL = new Script(`globalThis[Symbol.for('${NAME.description}')]()`);

const mapped = <T, U>(record: Readonly<Record<string, T>>, map: (value: T, name: string) => U): Readonly<Record<string, U>> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
