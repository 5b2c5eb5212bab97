/** Daemons of the lonc scenarios broken on purpose, each with the properties that must catch it. */

import { replaced } from '../../../conformance/replaced.ts';
import { REFUSED } from '../../../scenarios/lonc/daemons/names.ts';
import { GATEWAY_CHILD } from '../../../scenarios/lonc/parts/network.ts';
import { GATEWAY_PID, SPOOL, USERS } from '../../../scenarios/lonc/parts/places.ts';
import { SHOWN, type Shown } from '../../../scenarios/lonc/shown.ts';
import { EMPTY, utf8 } from '../../../src/host/bytes.ts';
import type { Host, Stream } from '../../../src/host/host.ts';
import { latin1Of } from '../../../src/impl/lonc/latin1.ts';
import {
  ALWAYS_JUDGED,
  accepting,
  breaking,
  type Change,
  dies,
  hosted,
  type Mutant,
  mutes,
  networkWith,
  neverWaits,
  processWith,
  signalled,
  spins,
  storageWith,
  streamWith,
  throws,
  untidy,
  withQuirks,
  wrapped,
} from '../mutant.ts';

const GATEWAY = 'gateway';
const CHILD = 'gateway-child';

const LOND = 'lond';
const LOND_CHILD = 'lond-child';
const LIBRARY = 'lonc-library';
const KEEPER = 'lonc-keeper';

const child = breaking(CHILD, CHILD);
const gateway = breaking(GATEWAY, GATEWAY);
const lond = breaking(LOND, LOND);
const londChild = breaking(LOND_CHILD, LOND_CHILD);
const library = breaking(LIBRARY, LIBRARY);
const keeper = breaking(KEEPER, KEEPER);

/** Changes what local clients hear of a child, and what it hears of them. */
const clientsWith = (host: Host, heard: Change, read: Change): Partial<Host> =>
  networkWith(host, {
    listen: accepting(host, (stream, accept) => {
      const own = accept(streamWith(stream, heard));
      return { ...own, data: bytes => own.data(read(bytes)) };
    }),
  });
/** Changes what it says over connections that it opens. */
const callsWith = (host: Host, said: Change): Partial<Host> =>
  networkWith(host, {
    connect: (to, options, opened) =>
      host.network.connect(to, options, result => opened(result.ok ? { ok: true, value: streamWith(result.value, said) } : result)),
  });
/** Changes what is read of files; `path` is that of the file. */
const reading = (host: Host, change: (path: string, bytes: Uint8Array) => Uint8Array): Partial<Host> =>
  storageWith(host, {
    read: path => {
      const result = host.storage.read(path);
      return result.ok ? { ok: true, value: change(path, result.value) } : result;
    },
  });

const asIs: Change = bytes => bytes;
const inClear: Change = bytes => utf8(latin1Of(bytes).replaceAll('encrypt:', ''));
const otherwise: Change = bytes => (bytes.length === 0 ? bytes : utf8(`x${latin1Of(bytes)}`));

// ── the table ───────────────────────────────────────────────────────────────────────────────────────────────────────

const tellsAll = hosted(host =>
  clientsWith(host, asIs, bytes => {
    host.log('debug', 'heard', { text: latin1Of(bytes) });
    return bytes;
  }),
);
const neverEncrypts = hosted(host => ({
  ...clientsWith(host, asIs, inClear),
  ...reading(host, (path, bytes) => (path.startsWith(SPOOL) ? inClear(bytes) : bytes)),
}));
const removesWhatItReads = hosted(host =>
  reading(host, (path, bytes) => {
    if (path.startsWith(SPOOL)) host.storage.unlink(path);
    return bytes;
  }),
);
const seesNoFiles = hosted(host => storageWith(host, { list: () => ({ ok: true, value: [] }) }));
const hasNoClock = hosted(host => ({ clock: replaced(host.clock, { setTimer: () => ({ cancel: () => {} }) }) }));
const seesNoNames = hosted(host =>
  storageWith(host, {
    stat: path => (path.startsWith(SPOOL) ? { ok: false, error: { code: 'ENOENT', call: `stat ${path}` } } : host.storage.stat(path)),
  }),
);
const recordsTooLittle = hosted(host =>
  storageWith(host, {
    append: (path, bytes) => {
      const line = latin1Of(bytes);
      const cut = `${line.slice(0, -26).slice(0, 1_000)}${line.slice(-26)}`;
      return host.storage.append(path, path.endsWith('perm.log') ? utf8(cut) : bytes);
    },
  }),
);
const promisesTooMuch = hosted(host => storageWith(host, { sync: () => ({ ok: true, value: undefined }) }));
const alwaysKept = hosted(host => ({
  log: (severity, event, fields) => host.log(severity, event, event === 'answered' ? { ...fields, answer: 'con_delayed' } : fields),
}));
const startsTwo = hosted(host =>
  processWith(host, {
    spawn: (...all) => {
      host.process.spawn(...all);
      return host.process.spawn(...all);
    },
  }),
);
const forgetsItsPidFile = hosted(host =>
  processWith(host, {
    kill: (pid, signal) => {
      host.storage.unlink(GATEWAY_PID);
      return host.process.kill(pid, signal);
    },
  }),
);
const keepsDeaths = mutes('child-ended');
const neverPauses = hosted(host =>
  networkWith(host, {
    listen: accepting(host, (stream, accept) => accept(replaced(stream, { pause: () => {} }))),
  }),
);
/** One client that does not read keeps all of them waiting. */
const waitsForTheDeaf = hosted(host => {
  const all = new Set<Stream>();
  return networkWith(host, {
    listen: accepting(host, (stream, accept) => {
      all.add(stream);
      return accept(
        replaced(stream, {
          get pending() {
            return Math.max(...[...all].map(each => each.pending));
          },
        }),
      );
    }),
  });
});
/** The first message is one that the disk refuses, and to it that is as if there were none. */
const passesOver = hosted(host => {
  let first = true;
  return storageWith(host, {
    read: path => {
      if (!first || !path.startsWith(SPOOL)) return host.storage.read(path);
      first = false;
      host.log('debug', REFUSED, { call: 'read', path });
      return { ok: false, error: { code: 'ENOENT', call: 'read' } };
    },
  });
});
/** What may pass is told as what will not. */
const givesUpForGood = hosted(host => processWith(host, { exit: status => host.process.exit(status === 75 ? 1 : status) }));
const writesOtherwise = hosted(host =>
  storageWith(host, { append: (path, bytes) => host.storage.append(path, path.includes('/logs/') ? otherwise(bytes) : bytes) }),
);
const saysNotKept = hosted(host => ({
  log: (severity, event, fields) => host.log(severity, event === 'kept' ? 'not-kept' : event, fields),
}));
const givesUp = hosted(host => ({
  log: (severity, event, fields) => {
    host.log(severity, event, fields);
    const peer = / for (\S+) has ended/.exec(String(fields?.['text']))?.[1];
    if (peer !== undefined) host.log('warning', 'skipped', { text: `Skipped ${peer}` });
  },
}));

/** A quirk of both daemons, for the parent passes on what it was told: alone, or with those it needs to be seen. */
const quirk = ({ quirk: slug, needs, violates, scenario }: Shown): Mutant => ({
  name: `a gateway that has --quirk=${[slug, ...needs].join(',')}`,
  kills: [violates],
  scenario,
  programs: wrapped([GATEWAY, CHILD], withQuirks(slug, ...needs)),
});

export const mutants: readonly Mutant[] = [
  child('throws', throws, 'no-bug'),
  child('spins', spins, 'no-busy-loop'),
  untidy({ in: [USERS, SPOOL], after: 'works' }, ...ALWAYS_JUDGED, 'timers-act', 'durable-before-told'),
  untidy({ of: GATEWAY_CHILD, after: 'hoards' }, 'no-leak'),
  child(
    'answers something else',
    hosted(host => clientsWith(host, otherwise, asIs)),
    'answers-are-own',
  ),
  child(
    'never answers',
    hosted(host => clientsWith(host, () => EMPTY, asIs)),
    'all-answered',
    'links-up',
    'asks-come-to-an-end',
  ),
  child('tells its log what it hears', tellsAll, 'no-secret-in-logs'),
  child('never encrypts', neverEncrypts, 'no-secret-on-wire'),
  child('removes what it reads', removesWhatItReads, 'removed-when-answered'),
  child('sees no files', seesNoFiles, 'delayed-arrives'),
  child('has no clock', hasNoClock, 'dialogue-is-bounded'),
  child(
    'calls otherwise',
    hosted(host => callsWith(host, otherwise)),
    'as-modelled',
  ),
  { ...londChild('promises what it has not synced', promisesTooMuch, 'as-modelled'), scenario: 'lonc/store' },
  londChild(
    'answers something else',
    hosted(host => clientsWith(host, otherwise, asIs)),
    'as-modelled',
  ),
  { ...londChild('reads on whatever happens', neverPauses, 'as-modelled'), scenario: 'lonc/store' },
  { ...child('reads on whatever happens', neverPauses, 'as-modelled'), scenario: 'lonc/limits' },
  { ...child('waits for who does not read', waitsForTheDeaf, 'as-modelled'), scenario: 'lonc/limits' },
  { ...child('passes over what it cannot read', passesOver, 'as-modelled'), scenario: 'lonc/limits' },
  { ...gateway('gives up for good what may pass', givesUpForGood, 'as-modelled'), scenario: 'lonc/children-starved' },
  londChild('throws', throws, 'no-bug'),
  londChild('spins', spins, 'no-busy-loop'),
  lond('keeps deaths to itself', keepsDeaths, 'deaths-are-told'),
  ...[child, gateway, lond, londChild, library].map(each => each('writes otherwise', writesOtherwise, 'tells-what-happens')),
  { ...library('records the beginning of a command', recordsTooLittle, 'commands-recorded'), scenario: 'lonc/lone-library' },
  { ...library('gives what it keeps a name that is taken', seesNoNames, 'kept-stays'), scenario: 'lonc/lone-library' },
  library('says that all is kept', alwaysKept, 'told-what-came', 'step-by-step'),
  library('throws', throws, 'no-bug'),
  library('spins', spins, 'no-busy-loop'),
  keeper('says that nothing is kept', saysNotKept, 'kept-as-told'),
  // Where no child has to die, one does.
  {
    name: 'a lond that keeps to itself that its children do not live long',
    kills: ['deaths-are-told'],
    programs: programs => wrapped([LOND], keepsDeaths)(wrapped([LOND_CHILD], dies)(programs)),
  },
  child('is deaf to SIGTERM', signalled('SIGTERM', 'ignore'), 'ends-when-told'),
  gateway('starts two children', startsTwo, 'one-child-per-host', 'as-modelled', 'as-configured'),
  { ...gateway('removes its pid file before its children have ended', forgetsItsPidFile, 'as-modelled'), scenario: 'lonc/children-ended' },
  gateway('dies of a broken pipe', signalled('SIGPIPE', 'default'), 'child-survives'),
  gateway('gives up at once', givesUp, 'attempts-as-configured'),
  gateway('keeps deaths to itself', keepsDeaths, 'deaths-are-told'),
  gateway('never waits', neverWaits, 'restarted-at-once'),
  ...SHOWN.map(quirk),
];
