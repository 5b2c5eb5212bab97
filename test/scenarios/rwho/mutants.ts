/** Daemons of the rwho scenarios broken on purpose, each with the properties that must catch it. */

import { replaced } from '../../../conformance/replaced.ts';
import { READER, TERMINAL } from '../../../scenarios/rwho/daemons/names.ts';
import { RWHOD } from '../../../scenarios/rwho/parts/network.ts';
import type { DatagramSocket } from '../../../src/host/host.ts';
import { QUIRK, type Quirk } from '../../../src/impl/rwho/quirks.ts';
import { SPOOL } from '../../../src/impl/rwho/readers/spool-files.ts';
import { hostNameOf } from '../../../src/impl/rwho/wire.ts';
import {
  ALWAYS_JUDGED,
  breaking,
  dies,
  hosted,
  idle,
  type Mutant,
  networkWith,
  spins,
  storageWith,
  streamWith,
  throws,
  untidy,
  type Wrap,
  withArgs,
  withQuirks,
} from '../mutant.ts';

const mutant = breaking(RWHOD, RWHOD);
const reader = breaking(READER, READER);
const terminal = breaking('terminal', TERMINAL);
const command = breaking('command', 'ruptime', 'rwho');

/** Mutants that one scenario must catch, whatever others do. */
function within(scenario: string, mutants: readonly Mutant[]): readonly Mutant[] {
  return mutants.map(each => ({ ...each, name: `${each.name}, in ${scenario}`, scenario }));
}

/** What is written instead; absent: nothing, and nobody is told. */
const writes = (instead: () => (bytes: Uint8Array) => Uint8Array | undefined): Wrap =>
  hosted(host => {
    const change = instead();
    return storageWith(host, {
      write: (path, bytes) => {
        const changed = change(bytes);
        return changed === undefined ? { ok: true, value: undefined } : host.storage.write(path, changed);
      },
    });
  });

/** Takes 1000 s more off a number of each record that is written. */
const ever = (at: number): Wrap =>
  writes(() => {
    let less = 0;
    return bytes => {
      const changed = bytes.slice();
      const view = new DataView(changed.buffer);
      less += 1_000;
      if (changed.length >= at + 4) view.setInt32(at, view.getInt32(at, true) - less, true);
      return changed;
    };
  });

/** Readers find every report to have come so many seconds later than it did. */
const stamps = (later: number): Wrap =>
  writes(() => bytes => {
    const changed = bytes.slice();
    const view = new DataView(changed.buffer);
    if (changed.length >= 12) view.setInt32(8, view.getInt32(8, true) + later, true);
    return changed;
  });

const sends = (send: (socket: DatagramSocket) => DatagramSocket['send']): Wrap =>
  hosted(host =>
    networkWith(host, {
      bind: (at, options, handler) =>
        host.network.bind(at, options, {
          message: (bytes, from) => handler.message(bytes, from),
          opened: result => handler.opened(result.ok ? { ok: true, value: replaced(result.value, { send: send(result.value) }) } : result),
        }),
    }),
  );

// ── the table ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** What it prints ends with another letter. */
const misprints: Wrap = hosted(({ descriptors }) => ({
  descriptors: replaced(descriptors, {
    attach: (descriptor, direction, handler) => {
      const attached = descriptors.attach(descriptor, direction, handler);
      return attached.ok
        ? { ok: true, value: streamWith(attached.value, bytes => bytes.map(byte => (byte === 0x0a ? 0x0d : byte))) }
        : attached;
    },
  }),
}));

const strays: Wrap = daemon => host => {
  host.storage.write('/etc/stray', new Uint8Array(1));
  daemon(host);
};
const half = writes(() => bytes => bytes.subarray(0, 50));
const otherLoad = writes(() => bytes => bytes.map((byte, index) => (index === 44 ? byte ^ 1 : byte)));
const forgetful = writes(() => {
  let left = 5;
  return bytes => (left-- > 0 ? bytes : undefined);
});
const twice = sends(socket => (bytes, to, sent) => {
  socket.send(bytes, to, sent);
  socket.send(bytes, to);
});
const breathless = sends(socket => {
  let left = 2;
  return (bytes, to, sent) => {
    if (left-- > 0) socket.send(bytes, to, sent);
  };
});
/** Sends what is of the host it named first: its own. */
const homely = sends(socket => {
  const passed = new Set<string>();
  return (bytes, to, sent) => {
    const host = hostNameOf(bytes);
    if (passed.size === 0) passed.add(host);
    if (passed.has(host)) socket.send(bytes, to, sent);
  };
});
const wasteful = sends(socket => (bytes, to, sent) => {
  socket.send(bytes, to, sent);
  for (let stranger = 1; stranger < 20; stranger++) socket.send(bytes, { address: `10.99.0.${stranger}`, port: 513 });
});
const talkative = sends(socket => {
  socket.send(new Uint8Array(60), { address: '10.0.0.77', port: 513 });
  return (bytes, to, sent) => socket.send(bytes, to, sent);
});

const quirk = (slug: Quirk, ...kills: readonly string[]): Mutant => mutant(`has --quirk=${slug}`, withQuirks(slug), ...kills);

export const mutants: readonly Mutant[] = [
  mutant('throws', throws, 'no-bug'),
  mutant('spins', spins, 'no-busy-loop'),
  terminal('throws', throws, 'no-bug'),
  terminal('spins', spins, 'no-busy-loop'),
  command('prints no lines', misprints, 'prints-as-its-edition'),
  untidy({ in: [SPOOL], after: 'works' }, ...ALWAYS_JUDGED, 'durable-before-told'),
  untidy({ of: RWHOD, after: 'hoards' }, 'no-leak'),
  untidy({ of: TERMINAL, after: 'hoards' }, 'no-leak', 'no-unanswered-wait'),
  mutant('dies', dies, 'daemon-survives'),
  mutant('strays', strays, 'inside-the-spool'),
  mutant('writes half', half, 'whole-records', 'whole-when-read'),
  mutant('writes another load', otherLoad, 'own-record-is-own', 'as-the-model-says'),
  mutant('writes older times of sending', ever(4), 'newest-stands', 'taken-as-specified'),
  mutant('writes older starts', ever(56), 'one-twin-stands'),
  mutant('writes five times', forgetful, 'down-means-silent', 'taken-as-specified'),
  mutant('stamps records with a time to come', stamps(1_000), 'up-means-heard'),
  mutant('stamps records with a time long past', stamps(-500), 'down-means-silent'),
  mutant('keeps the reports of others to itself', homely, 'reaches-everybody'),
  mutant('sends each report to strangers as well', wasteful, 'packets-per-status-bounded'),
  mutant('reports every twenty seconds', withArgs('--interval=20'), 'passed-on-seldom'),
  mutant('does nothing', () => idle, 'refused-ends'),
  mutant('sends twice', twice, 'sent-once'),
  mutant('sends two datagrams', breathless, 'hears-and-tells', 'told-while-alive', 'verdicts-converge'),
  mutant('talks to strangers', talkative, 'nothing-is-sent'),
  reader('reads as in 1983', withArgs('--variant=debian'), 'down-means-silent'),
  quirk(QUIRK.LATE_WINS, 'newest-stands', 'taken-as-specified'),
  quirk(QUIRK.LAST_TWIN_WINS, 'one-twin-stands', 'taken-as-specified'),
  quirk(QUIRK.OVERRUN_STAMP, 'records-were-reported'),
  quirk(QUIRK.WRITE_IN_PLACE, 'whole-when-read'),
  quirk(QUIRK.UNBOUNDED, 'spool-bounded'),
  quirk(QUIRK.RELAY_UNCHECKED, 'only-reports-are-passed-on'),
  quirk(QUIRK.LEAK_STACK, 'unsaid-is-zero'),
  quirk(QUIRK.SPILL_NAME, 'name-ends'),
  quirk(QUIRK.IDLE_OF_NAME, 'idle-is-time'),
  quirk(QUIRK.IDLE_OF_EVERY_SECOND, 'everybody-has-idle'),
  quirk(QUIRK.FORGET_USERS, 'everybody-counts'),
  quirk(QUIRK.IGNORE_BIND, 'from-the-who-port', 'as-the-model-says'),
  quirk(QUIRK.HUP_SENDS, 'not-too-often'),
  quirk(QUIRK.NO_JITTER, 'reports-spread'),
  quirk(QUIRK.BLIND_START, 'newcomer-is-told'),
  quirk(QUIRK.BREAKER_STAYS, 'new-reports-are-passed-on'),
  quirk(QUIRK.LOG_EVERYTHING, 'log-bounded'),
  quirk(QUIRK.TRUST_WALL_CLOCK, 'step-is-forgiven'),
  ...within('rwho/domain', [
    quirk(QUIRK.TRUST_WALL_CLOCK, 'up-means-heard', 'down-means-silent'),
    reader('reads as in 1983', withArgs('--variant=debian'), 'down-means-silent'),
  ]),
];
