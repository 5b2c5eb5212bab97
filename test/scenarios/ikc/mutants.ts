/** Daemons of the ikc scenarios broken on purpose, each with the properties that must catch it. */

import { replaced } from '../../../conformance/replaced.ts';
import { MIRROR, WATCHER } from '../../../scenarios/ikc/daemons/names.ts';
import { CLIENT, LITE, SERVER } from '../../../scenarios/ikc/parts/network.ts';
import { utf8 } from '../../../src/host/bytes.ts';
import type { EventData } from '../../../src/host/event.ts';
import type { Host, Stream } from '../../../src/host/host.ts';
import { QUIRK } from '../../../src/impl/ikc/quirks.ts';
import {
  ALWAYS_JUDGED,
  accepting,
  breaking,
  type Change,
  dies,
  hosted,
  idle,
  type Mutant,
  networkWith,
  signalled,
  spins,
  streamWith,
  throws,
  untidy,
  type Wrap,
  withArgs,
  withQuirks,
} from '../mutant.ts';
import { quirkMutants } from './quirk-mutants.ts';

const server = breaking(SERVER, SERVER);
const client = breaking(CLIENT, CLIENT);
const lite = breaking('small client', LITE);
const asker = breaking('asker', CLIENT, LITE);
const kernel = breaking('kernel', SERVER, CLIENT, LITE);
const mirror = breaking('mirror', MIRROR);
const watcher = breaking('watcher', WATCHER);

/** Changes what is said on accepted connections; each has its own change. */
const says = (change: (host: Host) => Change): Wrap =>
  hosted(host =>
    networkWith(host, {
      listen: accepting(host, (stream, accept) => accept(streamWith(stream, change(host)))),
    }),
  );

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(0, 200));
const isFrame = (bytes: Uint8Array): boolean => /^\d+\0/.test(text(bytes));
const nothing = new Uint8Array();

const dropsFrames = says(() => bytes => (isFrame(bytes) ? nothing : bytes));
const repeatsFrames = says(() => bytes => (isFrame(bytes) ? Uint8Array.from([...bytes, ...bytes]) : bytes));
const saysNot = says(() => bytes => (text(bytes) === 'OK\r\n' ? utf8('NOT\r\n') : bytes));

/** The same on connections that it opens as well. */
const saysEverywhere = (change: Change): Wrap =>
  hosted(host => {
    const { network } = host;
    return networkWith(host, {
      connect: (to, options, opened) =>
        network.connect(to, options, result => opened(result.ok ? { ok: true, value: streamWith(result.value, change) } : result)),
      listen: accepting(host, (stream, accept) => accept(streamWith(stream, change))),
    });
  });
const repeatsLines = saysEverywhere(bytes => (isFrame(bytes) ? bytes : Uint8Array.from([...bytes, ...bytes])));
/** Of a specifier the last letter of its state, or of what it is asked for. */
const asksOther = saysEverywhere(bytes => {
  const [found] = isFrame(bytes) ? (/poe:[ -~]*/.exec(text(bytes)) ?? []) : [];
  if (found === undefined) return bytes;
  const at = text(bytes).indexOf(found) + found.length - 1;
  return bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
});
const spoilsLast = says(() => bytes => bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte)));
/** Whoever takes something is read again, whatever is left for him. */
const readsOn = hosted(host =>
  networkWith(host, {
    listen: accepting(host, (stream, accept) => {
      const own = accept(stream);
      const drain = (): void => {
        own.drain?.();
        stream.resume();
      };
      return replaced(own, { drain });
    }),
  }),
);
const turnsAway = hosted(host =>
  networkWith(host, {
    listen: accepting(host, stream => {
      stream.close();
      return { data: () => {} };
    }),
  }),
);
/** What it does with the streams that it accepts. */
const accepts = (change: (stream: Stream) => Stream): Wrap =>
  hosted(host =>
    networkWith(host, {
      listen: accepting(host, (stream, accept) => accept(change(stream))),
    }),
  );
/** Of those that wait, and of those for which there is no room. */
const keepsWhoWaits = accepts(stream => {
  let waits = false;
  return replaced(stream, {
    pause: () => {
      waits = true;
      stream.pause();
    },
    resume: () => {
      waits = false;
      stream.resume();
    },
    close: () => void (waits || stream.close()),
  });
});
const halfCloses = accepts(stream => replaced(stream, { close: () => stream.end() }));
const resetsNobody = accepts(stream => replaced(stream, { reset: () => {} }));
/** One that carries to others reads whom it has not handed on. */
const readsAtOnce: Wrap = daemon => host =>
  (host.process.args.includes('--processes=2') ? accepts(stream => replaced(stream, { pause: () => stream.resume() }))(daemon) : daemon)(
    host,
  );
const printsNothing: Wrap = hosted(host => ({
  descriptors: replaced(host.descriptors, { attach: () => ({ ok: false, error: { code: 'EBADF', call: 'attach' } }) }),
}));

const hearsNoEnd: Wrap = hosted(host => ({
  descriptors: replaced(host.descriptors, {
    attach: (descriptor, direction) => host.descriptors.attach(descriptor, direction, { data: () => {} }),
  }),
}));

const mute = says(() => () => nothing);

/** What it logs is changed: each line becomes these lines. */
const logs = (lines: (event: string, fields: EventData) => readonly EventData[]): Wrap =>
  hosted(host => ({
    log: (severity, event, fields = {}) => {
      for (const each of lines(event, fields)) host.log(severity, event, each);
    },
  }));
const otherSerializer = logs((event, fields) => [event === 'link-open' ? { ...fields, serializer: 'another' } : fields]);
const silent = (...events: readonly string[]): Wrap => logs((event, fields) => (events.includes(event) ? [] : [fields]));
const tellsNothing = silent('phase', 'request', 'reconnecting');
const tellsOtherAnswers = logs((event, fields) => [event === 'answer' ? { ...fields, value: '"another"' } : fields]);
const silentOnDepartures = logs((event, fields) => (event === 'unregistered' ? [] : [fields]));
const answersTwice = logs((event, fields) => (event === 'answer' ? [fields, fields] : [fields]));
/** What it had to cancel goes off. */
const cancelsNothing: Wrap = hosted(host => ({
  clock: replaced(host.clock, { setTimer: (delay, fired) => replaced(host.clock.setTimer(delay, fired), { cancel: () => {} }) }),
}));
/** An error of no step is another one. */
const printsAnother: Wrap = hosted(host => ({
  descriptors: replaced(host.descriptors, {
    attach: (descriptor, direction, handler) => {
      const stream = host.descriptors.attach(descriptor, direction, handler);
      const change: Change = bytes => (text(bytes).startsWith('{"error"') ? utf8('{"error":"another"}\n') : bytes);
      return stream.ok ? { ok: true, value: streamWith(stream.value, change) } : stream;
    },
  }),
}));

// ── the table ───────────────────────────────────────────────────────────────────────────────────────────────────────

export const mutants: readonly Mutant[] = [
  kernel('throws', throws, 'no-bug'),
  kernel('spins', spins, 'no-busy-loop'),
  // Where two that spin together have no events left.
  server('spins', spins, 'no-busy-loop'),
  untidy({ after: 'works' }, ...ALWAYS_JUDGED),
  untidy({ of: CLIENT, after: 'hoards' }, 'no-leak'),
  server('dies', dies, 'server-survives'),
  server('loses its frames', dropsFrames, 'as-modelled', 'accepted-is-settled'),
  server('sends its frames twice', repeatsFrames, 'as-modelled', 'accepted-is-settled'),
  server('refuses what it accepts', saysNot, 'as-modelled'),
  server('says that it uses something else', otherSerializer, 'serializers-agree'),
  server('does not say who has gone', silentOnDepartures, 'names-are-kept'),
  server('does not end when it is told to', signalled('SIGTERM', 'ignore'), 'server-ends'),
  kernel('never ends a negotiation', daemon => withQuirks(QUIRK.NEGOTIATE_FOREVER)(mute(daemon)), 'negotiations-end'),
  client('has two answers', answersTwice, 'outcomes-are-own'),
  client('does nothing', () => idle, 'all-finish'),
  lite('tells what nobody has answered', tellsOtherAnswers, 'takes-its-answer'),
  asker('asks something else', asksOther, 'asks-as-told'),
  asker('prints nothing', printsNothing, 'prints-what-comes', 'prints-all-that-is-due'),
  asker('does not ignore that nobody reads', signalled('SIGPIPE', 'default'), 'no-broken-pipe'),
  kernel('says its lines twice', repeatsLines, 'as-modelled'),
  kernel('does not tell what happens', tellsNothing, 'tells-what-happens'),
  kernel('cancels no timer', cancelsNothing, 'tells-what-happens'),
  client('prints another error of no step', printsAnother, 'prints-what-comes'),
  kernel('complains of nothing', withArgs('--nothing'), 'refuses-what-it-cannot-take'),
  server('serves one at a time', withArgs('--concurrency=1'), 'serves-as-told'),
  { ...server('keeps who waits when it is told to end', keepsWhoWaits, 'serves-as-told'), scenario: 'ikc/serving' },
  { ...server('reads whom it has not handed on', readsAtOnce, 'serves-as-told'), scenario: 'ikc/serving' },
  { ...server('does not close whom it turns away', halfCloses, 'serves-as-told'), scenario: 'ikc/limits' },
  { ...server('reads on who does not read', readsOn, 'peers-finish'), scenario: 'ikc/limits' },
  { ...server('negotiates with everybody', resetsNobody, 'serves-as-told'), scenario: 'ikc/limits' },
  server('outlives whom it serves for', hearsNoEnd, 'no-orphans'),
  server('turns everybody away', turnsAway, 'everybody-is-served'),
  mirror('spoils the last byte', spoilsLast, 'images-come-back'),
  mirror('does nothing', () => idle, 'all-images-come-back'),
  watcher('does nothing', () => idle, 'library-does-as-asked', 'sender-is-answered'),
  watcher('does not tell what it sees', silent('observed'), 'watchers-are-told'),
  ...quirkMutants,
];
