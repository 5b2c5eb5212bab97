/** Daemons of the rover scenarios broken on purpose, each with the properties that must catch it: mistakes that could be made tomorrow. */

import { replaced } from '../../../conformance/replaced.ts';
import { PEER } from '../../../scenarios/rover/daemons/names.ts';
import { CGI_STATE, CLIENT, DAEMON, PARENT, QUEUE, STATE, secretOf, WORKER } from '../../../scenarios/rover/parts/network.ts';
import type { EventData } from '../../../src/host/event.ts';
import type { Host, Stream, StreamHandler } from '../../../src/host/host.ts';
import { DONE } from '../../../src/host/result.ts';
import { millis, seconds, ZERO } from '../../../src/host/time.ts';
import { QUIRK } from '../../../src/impl/rover/quirks.ts';
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
  processWith,
  signalled,
  spins,
  storageWith,
  streamWith,
  throws,
  untidy,
  type Wrap,
  withArgs,
  withQuirks,
} from '../mutant.ts';
import { quirkMutants } from './quirk-mutants.ts';

const daemon = breaking(DAEMON, DAEMON);
const parent = breaking(PARENT, PARENT);
const client = breaking(CLIENT, CLIENT);
const peer = breaking(PEER, PEER);
const cgi = breaking('rover-cgi', 'rover-cgi');
const ours = breaking('program of ours', DAEMON, PARENT, WORKER, CLIENT);

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(0, 60_000));
/** A request says how long it is, whatever was done to it. */
const measured = (text: string): string => {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return /^POST /.test(text) ? `${head.replace(/Content-Length: \d+/, `Content-Length: ${body.length}`)}\r\n\r\n${body}` : text;
};
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, character => character.charCodeAt(0));

/** Changes the text that is written on accepted connections, or on those that are opened; each has its own change. */
const says = (change: (host: Host) => (text: string) => string): Wrap =>
  hosted(host => {
    const changed = change(host);
    const own: Change = bytes => bytesOf(measured(changed(latin1(bytes))));
    return networkWith(host, {
      listen: accepting(host, (stream, accept) => accept(streamWith(stream, own))),
      connect: (to, options, opened) =>
        host.network.connect(to, options, result => opened(result.ok ? { ok: true, value: streamWith(result.value, own) } : result)),
    });
  });
const replaces = (pattern: RegExp, by: string | ((match: string, ...groups: readonly string[]) => string)): Wrap =>
  says(() => text => (typeof by === 'string' ? text.replace(pattern, by) : text.replace(pattern, by)));

/** Who says that there is no more is closed. */
const closesWhoHasEnded = hosted(host =>
  networkWith(host, {
    listen: accepting(host, (stream, accept) => {
      const own = accept(stream);
      const end = (): void => {
        stream.close();
        own.close?.(undefined);
      };
      return replaced(own, { end });
    }),
  }),
);

/** What it logs is changed: each line becomes these lines. */
const logs = (lines: (event: string, fields: EventData) => readonly EventData[]): Wrap =>
  hosted(host => ({
    log: (severity, event, fields = {}) => {
      for (const each of lines(event, fields)) host.log(severity, event, each);
    },
  }));

const silent = (...events: readonly string[]): Wrap => logs((event, fields) => (events.includes(event) ? [] : [fields]));
/** Whatever it logs is worth the same. */
const indifferent: Wrap = hosted(host => ({ log: (_, event, fields) => host.log('info', event, fields) }));
/** It says as it begins what only another line of its can say, and that has fields. */
const babbles: Wrap = inner => host => {
  host.log('info', 'finished');
  return inner(host);
};
/** A bit of what it appends to its log, or begins one with, is another. */
const flips = (call: 'write' | 'append'): Wrap =>
  hosted(host =>
    storageWith(host, {
      [call]: (path: string, bytes: Uint8Array) =>
        host.storage[call](path, /\/log\.\d+/.test(path) ? bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte)) : bytes),
    }),
  );
/** What it says on standard output is another status, or another text. */
const prints = (pattern: RegExp, by: string): Wrap =>
  hosted(host => ({
    descriptors: replaced(host.descriptors, {
      attach: (descriptor, direction, handler) => {
        const stream = host.descriptors.attach(descriptor, direction, handler);
        return stream.ok && descriptor === 1
          ? { ok: true, value: streamWith(stream.value, bytes => bytesOf(latin1(bytes).replace(pattern, by))) }
          : stream;
      },
    }),
  }));
/** It begins with what is not there, or is deaf to what is. */
const findsNothing: Wrap = hosted(host => storageWith(host, { list: () => ({ ok: true, value: [] }) }));

/** A sync of what lies there is said to be done, and is not. */
const unsynced = (folder: string): Wrap =>
  hosted(host => storageWith(host, { sync: path => (path.startsWith(folder) ? DONE : host.storage.sync(path)) }));
const keepsFiles: Wrap = hosted(host => storageWith(host, { unlink: () => DONE }));
const logsSecret: Wrap = hosted(host =>
  storageWith(host, { append: (path, bytes) => host.storage.append(path, Uint8Array.from([...bytes, ...bytesOf(secretOf('ann'))])) }),
);
/** What an earlier life has left is not there. */
const forgets = (folder: string): Wrap =>
  hosted(host => {
    const born = new Set<string>();
    return storageWith(host, {
      list: path => {
        const result = host.storage.list(path);
        return result.ok && path.startsWith(folder) ? { ok: true, value: result.value.filter(each => born.has(each)) } : result;
      },
      rename: (from, to) => {
        born.add(to.slice(to.lastIndexOf('/') + 1));
        return host.storage.rename(from, to);
      },
    });
  });

/** The last answer goes to the next who connects. */
const answersTheNext: Wrap = says(() => {
  let last = '';
  return text => {
    const before = last;
    last = text;
    return before === '' ? text : before;
  };
});
/** Nobody's connection is closed before something was said on it. */
const waitsForAll: Wrap = hosted(host =>
  networkWith(host, {
    listen: accepting(host, (stream, accept) => {
      let said = false;
      const write = (bytes: Uint8Array): number => {
        said = true;
        return stream.write(bytes);
      };
      return accept(replaced(stream, { write, close: () => said && stream.close() }));
    }),
  }),
);
/** Whoever connects is heard, and never answered; nor is his connection closed. */
const mute: Wrap = hosted(host =>
  networkWith(host, {
    listen: accepting(host, (stream, accept) =>
      accept(replaced(stream, { write: () => 0, end: () => {}, close: () => {}, reset: () => {} })),
    ),
  }),
);

/** Every nth answer is not said: a wake-up is lost. */
const losesAnswers = (every: number): Wrap =>
  says(() => {
    let count = 0;
    return text => (++count % every === 0 ? '' : text);
  });

/** Timers are not cancelled. */
const keepsTimers: Wrap = hosted(host => ({
  clock: replaced(host.clock, {
    setTimer: (delay, fire) => {
      let isOver = false;
      host.clock.setTimer(delay, () => {
        if (!isOver) fire();
      });
      return {
        cancel: () => {
          isOver = true;
        },
      };
    },
  }),
}));
const idleTimer: Wrap = program => host => {
  host.clock.setTimer(millis(50), () => {});
  program(host);
};
/** What should wait does not. */
const impatient: Wrap = hosted(host => ({
  clock: replaced(host.clock, {
    setTimer: (delay, fire) => host.clock.setTimer(delay >= seconds(1) && delay < seconds(60) ? millis(200) : delay, fire),
  }),
}));
/** A timer of so long comes this late. */
const late = (least: number, by: number): Wrap =>
  hosted(host => ({
    clock: replaced(host.clock, {
      setTimer: (delay, fire) => host.clock.setTimer(delay >= least ? ((delay + by) as typeof delay) : delay, fire),
    }),
  }));

/** Accepts, and reads nothing before the one before has been closed. */
const oneAtATime: Wrap = hosted(host => {
  let busy = 0;
  const waiting: Stream[] = [];
  const over = (): void => {
    busy -= 1;
    waiting.shift()?.resume();
  };
  return networkWith(host, {
    listen: accepting(host, (stream, accept) => {
      const own: StreamHandler = accept(
        replaced(stream, {
          close: () => {
            stream.close();
            over();
          },
        }),
      );
      if (busy++ > 0) {
        stream.pause();
        waiting.push(stream);
      }
      return replaced(own, {
        close: error => {
          own.close?.(error);
          over();
        },
      });
    }),
  });
});

/** It never dies of itself: what ends it is done to it. */
const diesOften: Wrap = program => host => {
  host.clock.setTimer(seconds(2), () => host.process.exit(1));
  program(host);
};
const spawnsTwice: Wrap = hosted(host =>
  processWith(host, {
    spawn: (program, args, options) => {
      const first = host.process.spawn(program, args, options);
      if (program === DAEMON) host.process.spawn(program, args, options);
      return first;
    },
  }),
);
const doesNothing: Wrap = () => idle;
const leavesEarly: Wrap = program => host => {
  program(host);
  host.clock.setTimer(ZERO, () => host.process.exit(0));
};

// ── the table ───────────────────────────────────────────────────────────────────────────────────────────────────────

const MODELLED = 'server-as-modelled';
const CLIENTS = 'client-as-modelled';

export const mutants: readonly Mutant[] = [
  ours('throws', throws, 'no-bug'),
  ours('spins', spins, 'no-busy-loop'),
  untidy({ after: 'works', in: [STATE, QUEUE] }, ...ALWAYS_JUDGED),
  // What is durable.
  daemon('does not sync its log', unsynced(STATE), 'durable-before-told'),
  client('does not sync its queue', unsynced(QUEUE), 'durable-before-told'),
  daemon('forgets what it had logged', forgets(STATE), MODELLED, 'seen-to-again'),
  client('forgets what it had queued', forgets(QUEUE), CLIENTS),
  // What is answered.
  daemon('gives an answer to the next client', answersTheNext, MODELLED),
  daemon('answers nobody', mute, 'answered-in-time', 'all-finish', 'peers-finish', 'others-are-served'),
  { ...daemon('closes who has ended', closesWhoHasEnded, 'whole-is-answered'), scenario: 'rover/strangers' },
  daemon('loses the wake-up of every third', losesAnswers(3), 'whole-is-answered'),
  daemon(
    'awaits one number too many',
    replaces(/Rover-Next: (\d+)/, (_, next = '') => `Rover-Next: ${Number(next) + 1}`),
    MODELLED,
  ),
  daemon(
    'awaits one number too few',
    replaces(/Rover-Next: (\d+)/, (_, next = '') => `Rover-Next: ${Number(next) - 1}`),
    MODELLED,
  ),
  daemon(
    'counts one card too many',
    replaces(/(\d+) cards/, (_, cards = '') => `${Number(cards) + 1} cards`),
    MODELLED,
  ),
  daemon(
    'says of what it has run that it is held',
    replaces(/ 200 OK(.*?)Rover-Result: done/s, ' 202 Accepted$1Rover-Result: held'),
    MODELLED,
  ),
  daemon(
    'says of what it holds that it is done',
    replaces(/ 202 Accepted(.*?)Rover-Result: held/s, ' 200 OK$1Rover-Result: done'),
    MODELLED,
  ),
  daemon('has no room when there is some', replaces(/ 202 Accepted(.*?)Rover-Result: held/s, ' 503 Busy$1Rover-Result: busy'), MODELLED),
  daemon('refuses with another status', replaces(/ 4(13|31|11) .*(?=\r\n)/, ' 400 Bad Request'), MODELLED),
  daemon('tells more than a line of what failed', replaces(/(Rover-Result: (?:refused|failed)[\s\S]*?\r\n\r\n)./, '$1\n'), MODELLED),
  daemon('has another word for a status', replaces(/ 4(13|31|11) (.*)\r\n/, ' 4$1 Whatever\r\n'), MODELLED),
  daemon('says that all was told before', replaces(/(Rover-Next: \d+\r\n)(?!Rover-Replayed)/, '$1Rover-Replayed: yes\r\n'), MODELLED),
  daemon('does not say that it tells again', replaces(/Rover-Replayed: yes\r\n/, ''), MODELLED),
  daemon('is busy for two seconds', replaces(/Retry-After: 1/, 'Retry-After: 2'), MODELLED),
  daemon(
    'says nothing but that it was wrong',
    replaces(/(Rover-Result: refused\r\n\r\n)(.*)/, (_, head = '', why = '') => head + 'x'.repeat(why.length)),
    MODELLED,
  ),
  daemon('does not tell what it has run', silent('finished'), 'tells-what-happens'),
  parent('does not tell how its daemon ended', silent('daemon-ended'), 'tells-what-happens'),
  ours('takes all that it tells for the same', indifferent, 'tells-what-happens'),
  ours('tells of nothing that it has finished', babbles, 'tells-what-happens'),
  cgi('tells of nothing that it has finished', babbles, 'tells-what-happens'),
  ours('keeps the logs before its own', keepsFiles, 'log-forgets'),
  ours('logs a secret', logsSecret, 'log-forgets'),
  {
    ...daemon(
      'awaits what it holds',
      replaces(
        /(Rover-Message: (\d+)\r\nRover-Next: )(\d+)/,
        (_, head = '', number = '', next = '') => `${head}${Math.min(Number(next), Number(number) + 1)}`,
      ),
      MODELLED,
    ),
    scenario: 'rover/parcels',
  },
  daemon('appends something else', flips('append'), 'log-is-as-it-is-told'),
  client('begins its log with something else', flips('write'), 'log-is-as-it-is-told'),
  daemon('finds no log', findsNothing, 'begins-as-it-should'),
  ours('complains of nothing', withArgs('--nothing'), 'refuses-what-it-cannot-take'),
  cgi('throws', throws, 'no-bug'),
  cgi('spins', spins, 'no-busy-loop'),
  cgi('takes all that it tells for the same', indifferent, 'tells-what-happens'),
  cgi('does not sync what it has changed', unsynced(CGI_STATE), 'durable-before-told', 'forked-keeps', 'removals-stay'),
  cgi('says another status', prints(/Status: 200 OK/, 'Status: 202 Accepted'), 'forked-as-modelled'),
  cgi('has other cards', prints(/(\d+) cards/, '1$1 cards'), 'forked-as-modelled'),
  daemon('delivers what was delivered', replaces(/((?:ann|bob) \S+ \d+ \d+ parcel \d+\n)/, '$1$1'), MODELLED),
  // What is done when.
  daemon('serves one connection at a time', oneAtATime, 'others-are-served'),
  daemon('dies again and again', diesOften, 'server-survives'),
  daemon('dies', dies, 'server-survives'),
  daemon('keeps timers', keepsTimers, 'timers-act'),
  daemon('has a timer for nothing', idleTimer, 'timers-act'),
  untidy({ of: DAEMON, after: 'hoards' }, 'no-leak'),
  parent('waits longer than it should', late(seconds(1), seconds(5)), 'restarts-in-time'),
  parent('does not wait', impatient, 'restarts-in-time'),
  parent('starts two of them', spawnsTwice, 'restarts-in-time'),
  parent('ends at once', leavesEarly, 'all-finish', 'peers-finish'),
  // What a client does.
  client(
    'skips a number',
    replaces(/MSGID=(\d+)/, (_, number = '') => `MSGID=${Number(number) + 1}`),
    CLIENTS,
  ),
  client(
    'asks in another epoch each time',
    says(host => text => text.replace(/EPOCH=\d+/, `EPOCH=${host.clock.monotonic()}`)),
    CLIENTS,
  ),
  client(
    'has the answer to one too many',
    replaces(/&(?:ACKED=(\d+)&)?AUTH/, (_, acked = '0') => `&ACKED=${Number(acked) + 1}&AUTH`),
    CLIENTS,
  ),
  client(
    'asks something else the next time',
    says(host => text => text.replace(/COMMAND=/, `COMMAND=X${host.clock.monotonic()}`)),
    CLIENTS,
  ),
  client('has a larger window', withArgs('--window=8'), CLIENTS),
  client('asks for the object of somebody else', replaces(/OBJECT=Irolo__/, 'OBJECT=Irolo__x'), CLIENTS),
  client('does not wait', impatient, CLIENTS),
  client(
    'tells twice',
    logs((event, fields) => (event === 'answer' ? [fields, fields] : [fields])),
    CLIENTS,
  ),
  client(
    'tells another answer',
    logs((event, fields) => [event === 'answer' ? { ...fields, status: 299 } : fields]),
    CLIENTS,
  ),
  client(
    'does not tell what was refused',
    logs((event, fields) => (event === 'answer' && fields['result'] === 'refused' ? [] : [fields])),
    CLIENTS,
  ),
  untidy({ of: CLIENT, after: 'hoards' }, 'no-leak'),
  client('keeps timers', keepsTimers, 'timers-act'),
  client('does nothing', doesNothing, 'all-finish'),
  client('ends at once', leavesEarly, 'all-finish'),
  peer('does nothing', doesNothing, 'peers-finish'),
  daemon('does not hear that it is to end', signalled('SIGTERM', 'ignore'), 'server-ends'),
  daemon('waits for who has not asked', waitsForAll, 'unasked-are-closed'),
  ours('dies of a broken pipe', signalled('SIGPIPE', 'default'), 'dies-of-no-signal'),
  daemon('sends nobody away', replaces(/^HTTP\/1.0 503 [\s\S]*too many connections\n$/, ''), 'turns-away'),
  daemon('has the commands for tests', withArgs('--tests'), 'answers-as-due'),
  {
    ...daemon(
      'holds less than it may',
      replaces(/ 202 Accepted(.*?)Rover-Message: 65\r\n/s, ' 503 Busy$1Rover-Message: 65\r\n'),
      'answers-as-due',
    ),
    scenario: 'rover/limits',
  },
  daemon('tells no epochs apart', withQuirks(QUIRK.NO_EPOCHS), MODELLED),
  daemon('has no bound for gaps', withQuirks(QUIRK.GAPS_UNBOUNDED), MODELLED),
  ...quirkMutants,
];
