/**
 * Daemons of the lonc scenarios broken on purpose, each with the properties that must catch it (../mutants.ts). A quirk is such
 * a mutant already; the others wrap what a daemon asks of its Host.
 */

import { SPOOL } from '../../../scenarios/lonc/parts/places.ts';
import { EMPTY, utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Host, Network, Programs, Stream, StreamHandler } from '../../../src/host/host.ts';
import { ZERO } from '../../../src/host/time.ts';
import { latin1Of } from '../../../src/impl/lonc/latin1.ts';
import type { Quirk } from '../../../src/impl/lonc/quirks.ts';
import type { Mutant, Wrap } from '../mutants.ts';
import { SHOWN, type Shown } from './shown.ts';

const GATEWAY = 'gateway';
const CHILD = 'gateway-child';

function mutant(program: string, name: string, wrap: Wrap, ...kills: readonly string[]): Mutant {
  return {
    name: `a ${program} that ${name}`,
    kills,
    programs: (all: Programs) =>
      Object.fromEntries(Object.entries(all).map(([each, daemon]) => [each, each === program ? wrap(daemon) : daemon])),
  };
}

const child = (name: string, wrap: Wrap, ...kills: readonly string[]): Mutant => mutant(CHILD, name, wrap, ...kills);
const gateway = (name: string, wrap: Wrap, ...kills: readonly string[]): Mutant => mutant(GATEWAY, name, wrap, ...kills);

// ── Hosts that do something else. Methods of a Host have private state behind them, so each is called on the original. ──

function processWith(host: Host, changed: Partial<Host['process']>): Host {
  const { process } = host;
  const same: Host['process'] = {
    pid: process.pid,
    args: process.args,
    parent: () => process.parent(),
    spawn: (program, args, options) => process.spawn(program, args, options),
    wait: reaped => process.wait(reaped),
    exec: (program, args) => process.exec(program, args),
    exit: status => process.exit(status),
    kill: (pid, signal) => process.kill(pid, signal),
  };
  return { ...host, process: { ...same, ...changed } };
}

const quirkArgs =
  (slugs: readonly Quirk[]): Wrap =>
  daemon =>
  host =>
    daemon(processWith(host, { args: [...host.process.args, ...slugs.map(slug => `--quirk=${slug}`)] }));

function storageWith(host: Host, changed: Partial<Host['storage']>): Host {
  const { storage } = host;
  const same: Host['storage'] = {
    read: path => storage.read(path),
    write: (path, bytes) => storage.write(path, bytes),
    append: (path, bytes) => storage.append(path, bytes),
    rename: (from, to) => storage.rename(from, to),
    unlink: path => storage.unlink(path),
    makeDirectory: path => storage.makeDirectory(path),
    list: path => storage.list(path),
    stat: path => storage.stat(path),
    sync: path => storage.sync(path),
  };
  return { ...host, storage: { ...same, ...changed } };
}

/** Changes what local clients hear of a child, and what it hears of them. */
function clientsWith(host: Host, heard: (bytes: Uint8Array) => Uint8Array, read: (bytes: Uint8Array) => Uint8Array): Host {
  const { network } = host;
  const listen: Network['listen'] = (at, options, handler) =>
    network.listen(at, options, {
      opened: result => handler.opened(result),
      accept: stream => {
        const own: StreamHandler = handler.accept(streamWith(stream, heard));
        return { ...own, data: bytes => own.data(read(bytes)) };
      },
    });
  const same: Network = {
    listen,
    connect: (to, options, opened) => network.connect(to, options, opened),
    bind: (at, options, handler) => network.bind(at, options, handler),
    interfaces: () => network.interfaces(),
  };
  return { ...host, network: same };
}

function streamWith(stream: Stream, heard: (bytes: Uint8Array) => Uint8Array): Stream {
  return {
    kind: stream.kind,
    local: stream.local,
    remote: stream.remote,
    get pending() {
      return stream.pending;
    },
    write: bytes => {
      const changed = heard(bytes);
      return changed.length === 0 ? stream.pending : stream.write(changed);
    },
    end: () => stream.end(),
    close: () => stream.close(),
    reset: () => stream.reset(),
    pause: () => stream.pause(),
    resume: () => stream.resume(),
  };
}

const asIs = (bytes: Uint8Array): Uint8Array => bytes;
const inClear = (bytes: Uint8Array): Uint8Array => utf8(latin1Of(bytes).replaceAll('encrypt:', ''));

// ── the table ───────────────────────────────────────────────────────────────────────────────────────────────────────

const throws: Wrap = daemon => host => {
  host.clock.setTimer(ZERO, () => {
    throw new Error('broken on purpose');
  });
  daemon(host);
};
const spins: Wrap = daemon => host => {
  const again = (): void => {
    host.clock.setTimer(ZERO, again);
  };
  again();
  daemon(host);
};
const tellsAll: Wrap = daemon => host =>
  daemon(
    clientsWith(host, asIs, bytes => {
      host.log('debug', 'heard', { text: latin1Of(bytes) });
      return bytes;
    }),
  );
const neverEncrypts: Wrap = daemon => host => {
  const read: Host['storage']['read'] = path => {
    const result = host.storage.read(path);
    return result.ok && path.startsWith(SPOOL) ? { ok: true, value: inClear(result.value) } : result;
  };
  daemon(storageWith(clientsWith(host, asIs, inClear), { read }));
};
const removesWhatItReads: Wrap = daemon => host => {
  const read: Host['storage']['read'] = path => {
    const result = host.storage.read(path);
    if (path.startsWith(SPOOL)) host.storage.unlink(path);
    return result;
  };
  daemon(storageWith(host, { read }));
};
const seesNoFiles: Wrap = daemon => host => daemon(storageWith(host, { list: () => ({ ok: true, value: [] }) }));
const hasNoClock: Wrap = daemon => host => {
  const { clock } = host;
  daemon({
    ...host,
    clock: { monotonic: () => clock.monotonic(), wall: () => clock.wall(), setTimer: () => ({ cancel: () => {} }) },
  });
};
const isDeaf: Wrap = daemon => host => {
  const { signals } = host;
  daemon({
    ...host,
    signals: {
      handle: (signal, disposition) => signals.handle(signal, signal === 'SIGTERM' ? 'ignore' : disposition),
      mask: (how, which) => signals.mask(how, which),
      pending: () => signals.pending(),
      alarm: delay => signals.alarm(delay),
    },
  });
};
const startsTwo: Wrap = daemon => host =>
  daemon(
    processWith(host, {
      spawn: (program, args, options) => {
        host.process.spawn(program, args, options);
        return host.process.spawn(program, args, options);
      },
    }),
  );
const keepsDeaths: Wrap = daemon => host =>
  daemon({
    ...host,
    log: (severity, event, fields) => {
      if (event !== 'child-ended') host.log(severity, event, fields);
    },
  });
const givesUp: Wrap = daemon => host =>
  daemon({
    ...host,
    log: (severity, event, fields) => {
      host.log(severity, event, fields);
      const peer = / for (\S+) has ended/.exec(String(fields?.['text']))?.[1];
      if (peer !== undefined) host.log('warning', 'skipped', { text: `Skipped ${peer}` });
    },
  });

/** A quirk of both daemons, for the parent passes on what it was told: alone, or with those it needs to be seen. */
const quirk = ({ quirk: slug, needs, violates, scenario }: Shown): Mutant => ({
  name: `a gateway that has --quirk=${[slug, ...needs].join(',')}`,
  kills: [violates],
  scenario,
  programs: all => {
    const wrap = quirkArgs([slug, ...needs]);
    return Object.fromEntries(
      Object.entries(all).map(([name, daemon]) => [name, name === GATEWAY || name === CHILD ? wrap(daemon) : daemon]),
    );
  },
});

export const loncMutants: readonly Mutant[] = [
  child('throws', throws, 'no-bug'),
  child('spins', spins, 'no-busy-loop'),
  child(
    'answers something else',
    daemon => host => daemon(clientsWith(host, bytes => (bytes.length === 0 ? bytes : utf8(`x${latin1Of(bytes)}`)), asIs)),
    'answers-are-own',
  ),
  child('never answers', daemon => host => daemon(clientsWith(host, () => EMPTY, asIs)), 'all-answered', 'links-up', 'asks-come-to-an-end'),
  child('tells its log what it hears', tellsAll, 'no-secret-in-logs'),
  child('never encrypts', neverEncrypts, 'no-secret-on-wire'),
  child('removes what it reads', removesWhatItReads, 'removed-when-answered'),
  child('sees no files', seesNoFiles, 'delayed-arrives'),
  child('has no clock', hasNoClock, 'dialogue-is-bounded'),
  child('is deaf to SIGTERM', isDeaf, 'ends-when-told'),
  gateway('starts two children', startsTwo, 'one-child-per-host'),
  gateway('gives up at once', givesUp, 'attempts-as-configured'),
  gateway('keeps deaths to itself', keepsDeaths, 'deaths-are-told'),
  gateway('never waits', (daemon: Daemon) => host => daemon(processWith(host, { wait: () => {} })), 'restarted-at-once'),
  ...SHOWN.map(quirk),
];
