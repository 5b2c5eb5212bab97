/**
 * Hosts that break the contract, each in one way: with them every case has been seen to fail.
 * A mutant lies between a daemon and the Host of the simulator.
 */
import { concat, EMPTY } from '../../src/host/bytes.ts';
import type {
  Daemon,
  DatagramHandler,
  Endpoint,
  Host,
  ListenHandler,
  Programs,
  Reaped,
  Stream,
  StreamHandler,
} from '../../src/host/host.ts';
import { plain } from '../../src/host/internet.ts';
import { DONE, fail, ok, type Result } from '../../src/host/result.ts';
import { type ExitStatus, SIGNALS, type Signal } from '../../src/host/signal.ts';
import { type Instant, millis, seconds, ZERO } from '../../src/host/time.ts';

export type Mutant = (host: Host) => Host;

export const mutated = (programs: Programs, mutant: Mutant): Programs =>
  Object.fromEntries(Object.entries(programs).map(([name, daemon]): [string, Daemon] => [name, host => daemon(mutant(host))]));

/** `target` with some members changed. */
function overlay<T extends object>(target: T, changes: Partial<T>): T {
  return new Proxy(target, {
    get(_, key) {
      const changed = Reflect.get(changes, key);
      if (changed !== undefined) return changed;
      const value = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Mutants that change one member of the Host: what is given is made of the whole member. */
const changing =
  <Name extends keyof Host>(name: Name) =>
  (change: (whole: Host[Name]) => Partial<Host[Name]>): Mutant =>
  host =>
    overlay(host, { [name]: overlay(host[name], change(host[name])) } as Partial<Host>);
const clock = changing('clock');
const network = changing('network');
const descriptors = changing('descriptors');
const processes = changing('process');
const signals = changing('signals');
const storage = changing('storage');
const system = changing('system');

/** Changes every path, and every argument of a program, on its way to the Host. */
const text =
  (change: (text: string) => string): Mutant =>
  host => {
    const { storage: files, network: net, process } = host;
    const endpoint = (at: Endpoint): Endpoint => (at.transport === 'unix' ? { ...at, path: change(at.path) } : at);
    return overlay(host, {
      storage: overlay(files, {
        read: path => files.read(change(path)),
        write: (path, bytes) => files.write(change(path), bytes),
        append: (path, bytes) => files.append(change(path), bytes),
        rename: (from, to) => files.rename(change(from), change(to)),
        makeDirectory: path => files.makeDirectory(change(path)),
      }),
      network: overlay(net, {
        listen: (at, options, handler) => net.listen(endpoint(at), options, handler),
        connect: (to, options, opened) => net.connect(endpoint(to), options, opened),
      }),
      process: overlay(process, { spawn: (program, args, options) => process.spawn(program, args.map(change), options) }),
    });
  };

/** Changes every stream, and what its handler hears. */
function streams(
  stream: (whole: Stream) => Partial<Stream>,
  handler: (handler: StreamHandler, stream: Stream) => StreamHandler = one => one,
): Mutant {
  const changed = (one: Stream): Stream => overlay(one, stream(one));
  const listening = ({ opened, accept }: ListenHandler): ListenHandler => ({ opened, accept: one => handler(accept(changed(one)), one) });
  return host =>
    overlay(host, {
      network: overlay(host.network, {
        listen: (at, options, given) => host.network.listen(at, options, listening(given)),
        connect: (to, options, opened) =>
          host.network.connect(to, options, result =>
            result.ok ? handler(opened(ok(changed(result.value))), result.value) : opened(result),
          ),
      }),
      descriptors: overlay(host.descriptors, {
        attach(descriptor, direction, given) {
          const held: Stream[] = [];
          const reading: StreamHandler = {
            data: bytes => current().data(bytes),
            end: () => current().end?.(),
            drain: () => current().drain?.(),
            close: error => current().close?.(error),
          };
          const current = (): StreamHandler => held.map(one => handler(given, one)).at(0) ?? given;
          const result = host.descriptors.attach(descriptor, direction, reading);
          if (result.ok) held.push(result.value);
          return result.ok ? ok(changed(result.value)) : result;
        },
      }),
    });
}

const hears = (change: (handler: StreamHandler) => Partial<StreamHandler>): Mutant =>
  streams(
    () => ({}),
    handler => overlay(handler, change(handler)),
  );

const datagrams = (change: (handler: DatagramHandler) => Partial<DatagramHandler>): Mutant =>
  network(whole => ({ bind: (at, options, handler) => whole.bind(at, options, overlay(handler, change(handler))) }));

/** IPv4 inside of IPv6 as IPv4. */
const narrow = (endpoint: Endpoint | undefined): Endpoint | undefined =>
  endpoint?.transport === 'tcp' ? { ...endpoint, address: plain(endpoint.address) } : endpoint;
const otherError = <T>(result: Result<T>): Result<T> => (result.ok ? result : fail('EIO', result.error.call));
const otherStatus = (status: ExitStatus): ExitStatus => ('code' in status ? { code: status.code ^ 1 } : { signal: 'SIGCONT' });

/** Some hundred years from now. */
const FAR_FUTURE = 5e15 as Instant;

export const MUTANTS: Readonly<Record<string, Mutant>> = {
  'data damaged': hears(handler => ({ data: bytes => handler.data(bytes.map((byte, index) => (index === 0 ? byte ^ 1 : byte))) })),
  'end not told': hears(() => ({ end() {} })),
  'end told twice': hears(handler => ({
    end() {
      handler.end?.();
      handler.end?.();
    },
  })),
  'drain not told': hears(() => ({ drain() {} })),
  'close without its error': hears(handler => ({ close: () => handler.close?.(undefined) })),
  'close with another error': hears(handler => ({ close: () => handler.close?.({ code: 'EIO', call: 'mutant' }) })),
  'end is a close too': hears(handler => ({
    end() {
      handler.end?.();
      handler.close?.(undefined);
    },
  })),
  'a drain for each write': streams(
    () => ({}),
    handler => overlay(handler, { data: bytes => [handler.drain?.(), handler.data(bytes)].splice(0) }),
  ),
  'pause has no effect': streams(() => ({ pause() {} })),
  'reset is close': streams(stream => ({ reset: () => stream.close() })),
  'close comes late': host => streams(stream => ({ close: () => void host.clock.setTimer(millis(50), () => stream.close()) }))(host),
  'close is reset': streams(stream => ({ close: () => stream.reset() })),
  'end is close': streams(stream => ({ end: () => stream.close() })),
  'end has no effect': streams(() => ({ end() {} })),
  'write tells less': streams(stream => ({ write: bytes => Math.max(stream.write(bytes) - 1, 0) })),
  'write tells more': streams(stream => ({ write: bytes => stream.write(bytes) + 1 })),
  'write never throws': streams(stream => ({
    write(bytes) {
      try {
        return stream.write(bytes);
      } catch {
        return 0;
      }
    },
  })),
  'endpoints exchanged': streams(stream => ({ local: stream.remote, remote: stream.local, kind: 'tcp' })),
  'streams called pipes': streams(() => ({ kind: 'pipe' })),
  'network errors changed': network(whole => ({
    listen: (at, options, handler) => whole.listen(at, options, overlay(handler, { opened: result => handler.opened(otherError(result)) })),
    connect: (to, options, opened) => whole.connect(to, options, result => opened(otherError(result))),
    bind: (at, options, handler) => whole.bind(at, options, overlay(handler, { opened: result => handler.opened(otherError(result)) })),
  })),
  'listening fails the second time': network(whole => {
    let count = 0;
    return {
      listen(at, options, handler) {
        count += 1;
        if (count > 1) handler.opened(fail('EADDRINUSE', 'mutant'));
        else whole.listen(at, options, handler);
      },
    };
  }),
  'closed listeners go on': network(whole => ({
    listen: (at, options, handler) =>
      whole.listen(at, options, {
        accept: handler.accept,
        opened: result => handler.opened(result.ok ? ok(overlay(result.value, { close() {} })) : result),
      }),
  })),
  'from is disregarded': network(whole => ({ connect: (to, _, opened) => whole.connect(to, {}, opened) })),
  'IPv6 is not told from IPv4': host =>
    datagrams(handler => ({ message: (bytes, from) => handler.message(bytes, { ...from, address: plain(from.address) }) }))(
      streams(({ local, remote }) => ({ local: narrow(local), remote: narrow(remote) }))(host),
    ),
  'listeners have one family': network(whole => ({
    listen: (at, options, handler) =>
      whole.listen(at.transport === 'tcp' && at.address === '::' ? { ...at, address: '::1' } : at, options, handler),
    bind: (at, options, handler) => whole.bind(at.address === '::' ? { ...at, address: '::1' } : at, options, handler),
  })),
  'a port is free when nobody listens': network(whole => ({
    listen: (at, options, handler) =>
      whole.listen(at, options, {
        accept: handler.accept,
        opened(result) {
          if (result.ok || result.error.code !== 'EADDRINUSE' || at.transport === 'unix') handler.opened(result);
          else
            whole.connect({ ...at, address: at.address === '0.0.0.0' ? '127.0.0.1' : at.address }, {}, answer => {
              if (answer.ok) handler.opened(result);
              else whole.listen({ ...at, port: 0 }, options, handler);
              return { data() {} };
            });
        },
      }),
  })),
  'unreachable means out of time': network(whole => ({
    connect: (to, options, opened) =>
      whole.connect(to, options, result => opened(result.ok || result.error.code !== 'ENETUNREACH' ? result : fail('ETIMEDOUT', 'mutant'))),
  })),
  'wildcard means loopback': network(whole => ({
    listen: (at, options, handler) =>
      whole.listen(at.transport === 'tcp' && at.address === '0.0.0.0' ? { ...at, address: '127.0.0.1' } : at, options, handler),
    bind: (at, options, handler) => whole.bind(at.address === '0.0.0.0' ? { ...at, address: '127.0.0.1' } : at, options, handler),
  })),
  'backlog is endless': network(whole => ({ listen: (at, _, handler) => whole.listen(at, { backlog: 100 }, handler) })),
  'no interfaces': network(() => ({ interfaces: () => [] })),
  'datagrams cut': datagrams(handler => ({ message: (bytes, from) => handler.message(bytes.subarray(0, -1), from) })),
  'datagrams doubled': datagrams(handler => ({
    message(bytes, from) {
      handler.message(bytes, from);
      handler.message(concat([bytes, EMPTY]), from);
    },
  })),
  'datagrams from elsewhere': datagrams(handler => ({ message: (bytes, from) => handler.message(bytes, { ...from, port: 1 }) })),
  'datagrams always sent': network(whole => ({
    bind: (at, options, handler) =>
      whole.bind(at, options, {
        message: handler.message,
        opened: result =>
          handler.opened(
            result.ok ? ok(overlay(result.value, { send: (bytes, to, sent) => result.value.send(bytes, to, () => sent?.(DONE)) })) : result,
          ),
      }),
  })),
  'datagrams refused': network(whole => ({
    bind: (at, options, handler) =>
      whole.bind(at, options, {
        message: handler.message,
        opened: result =>
          handler.opened(
            result.ok
              ? ok(
                  overlay(result.value, {
                    send: (_bytes, to, sent) => result.value.send(EMPTY, to, () => sent?.(fail('ECONNREFUSED', 'mutant'))),
                  }),
                )
              : result,
          ),
      }),
  })),
  'datagrams told inside the call': network(whole => ({
    bind: (at, options, handler) =>
      whole.bind(at, options, {
        message: handler.message,
        opened: result =>
          handler.opened(
            result.ok
              ? ok(
                  overlay(result.value, {
                    send(bytes, to, sent) {
                      result.value.send(bytes, to);
                      sent?.(DONE);
                    },
                  }),
                )
              : result,
          ),
      }),
  })),
  'descriptor errors changed': descriptors(whole => ({
    attach: (descriptor, direction, handler) => otherError(whole.attach(descriptor, direction, handler)),
    close: descriptor => otherError(whole.close(descriptor)),
  })),
  'descriptors are not closed': descriptors(() => ({ close: () => DONE })),
  'timers at once': clock(whole => ({ setTimer: (_, fire) => whole.setTimer(ZERO, fire) })),
  'timers inside the call': clock(whole => ({
    setTimer(delay, fire) {
      if (delay > 0) return whole.setTimer(delay, fire);
      fire();
      return { cancel() {} };
    },
  })),
  'timers cannot be cancelled': clock(whole => ({
    setTimer(delay, fire) {
      whole.setTimer(delay, fire);
      return { cancel() {} };
    },
  })),
  'clocks stand still': clock(() => ({ monotonic: () => 0 as Instant, wall: () => 0 as Instant })), // any number is an Instant
  'kill does nothing': processes(() => ({ kill: () => DONE })),
  'kill finds nobody': processes(() => ({ kill: () => fail('ESRCH', 'mutant') })),
  'wait tells another status': processes(whole => ({
    wait: reaped =>
      whole.wait(result =>
        reaped(result.ok ? ok({ pid: result.value.pid, status: otherStatus(result.value.status) }) : otherError(result)),
      ),
  })),
  'wait tells another pid': processes(whole => ({
    wait: reaped => whole.wait(result => reaped(result.ok ? ok({ ...result.value, pid: result.value.pid + 1 }) : result)),
  })),
  'wait answers inside the call': processes(whole => ({
    wait(reaped) {
      reaped(ok({ pid: 0, status: { code: 2 } }));
      whole.wait(() => {});
    },
  })),
  'exit is always zero': processes(whole => ({ exit: () => whole.exit(0) })),
  'arguments joined': processes(whole => ({ args: [whole.args.join(' ')] })),
  'parent is unknown': processes(() => ({ parent: () => 0 })),
  'pid is another': processes(whole => ({ pid: whole.pid + 1 })),
  'spawn fails': processes(() => ({ spawn: () => fail('EAGAIN', 'mutant') })),
  'spawn gives no descriptors': processes(whole => ({ spawn: (program, args) => whole.spawn(program, args) })),
  'environment is not given': processes(whole => ({
    spawn: (program, args, { descriptors = {} } = {}) => whole.spawn(program, args, { descriptors }),
  })),
  'environment is unknown': processes(() => ({ environment: () => undefined })),
  'environment is trimmed': processes(whole => ({ environment: name => whole.environment(name)?.slice(0, 60_000).trim() })),
  'everybody may become root': processes(whole => ({
    become: user => (user === 'root' ? ok(undefined) : whole.become(user)),
  })),
  'every user is there': processes(whole => ({
    become(user) {
      whole.become(user);
      return ok(undefined);
    },
  })),
  'spawn errors changed': processes(whole => ({ spawn: (program, args, options) => otherError(whole.spawn(program, args, options)) })),
  'exec fails': processes(() => ({ exec: () => fail('ENOEXEC', 'mutant') })),
  'any word is a signal': signals(whole => ({
    handle: (signal, disposition) => (SIGNALS.includes(signal) ? whole.handle(signal, disposition) : ok('default')),
  })),
  'signals are ignored': signals(whole => ({
    handle: (signal, disposition) => whole.handle(signal, disposition === 'default' ? disposition : 'ignore'),
  })),
  'handlers are not called': signals(whole => ({
    handle: (signal, disposition) => whole.handle(signal, typeof disposition === 'function' ? () => {} : disposition),
  })),
  'ignored means default': signals(whole => ({
    handle: (signal, disposition) => whole.handle(signal, disposition === 'ignore' ? 'default' : disposition),
  })),
  'default is not restored': signals(whole => ({
    handle: (signal, disposition) => (disposition === 'default' ? ok<'default'>('default') : whole.handle(signal, disposition)),
  })),
  'SIGCHLD cannot be ignored': signals(whole => ({
    handle: (signal, disposition) => whole.handle(signal, signal === 'SIGCHLD' && disposition === 'ignore' ? 'default' : disposition),
  })),
  'SIGCHLD only for ends': host => {
    let stops = 0;
    const heard = (handler: () => void): void => (stops-- > 0 ? undefined : handler());
    return overlay(host, {
      process: overlay(host.process, {
        kill(pid, signal) {
          stops = signal === 'SIGSTOP' || signal === 'SIGCONT' ? 1 : 0;
          return host.process.kill(pid, signal);
        },
      }),
      signals: overlay(host.signals, {
        handle: (signal, disposition) =>
          host.signals.handle(signal, signal === 'SIGCHLD' && typeof disposition === 'function' ? () => heard(disposition) : disposition),
      }),
    });
  },
  'the younger is waited for first': processes(whole => {
    const older: Result<Reaped>[] = [];
    return {
      wait(reaped) {
        whole.wait(first => {
          const kept = older.pop();
          if (kept !== undefined) reaped(kept);
          else if (!first.ok) reaped(first);
          else
            whole.wait(second => {
              if (second.ok) older.push(first);
              reaped(second.ok ? second : first);
            });
        });
      },
    };
  }),
  'the mask changes later': host =>
    signals(whole => ({
      mask(how, changed) {
        host.clock.setTimer(ZERO, () => whole.mask(how, changed));
        return whole.mask('block', []);
      },
    }))(host),
  'default keeps what is pending': signals(whole => ({
    handle: (signal, disposition) => whole.handle(signal, disposition === 'default' ? () => {} : disposition),
  })),
  'new programs ignore nothing': host => {
    const reset = (): readonly Signal[] =>
      SIGNALS.filter(signal => {
        const before = host.signals.handle(signal, 'default');
        if (before.ok && before.value !== 'ignore') host.signals.handle(signal, before.value);
        return before.ok && before.value === 'ignore';
      });
    return overlay(host, {
      process: overlay(host.process, {
        exec(program, args) {
          reset();
          return host.process.exec(program, args);
        },
        spawn(program, args, options) {
          const ignored = reset();
          const result = host.process.spawn(program, args, options);
          for (const signal of ignored) host.signals.handle(signal, 'ignore');
          return result;
        },
      }),
    });
  },
  'nothing is masked': signals(() => ({ mask: () => [] })),
  'nothing is pending': signals(() => ({ pending: () => [] })),
  'no alarm': signals(() => ({ alarm: () => ZERO })),
  'alarms cannot be cancelled': signals(whole => ({ alarm: delay => (delay === 0 ? seconds(1) : whole.alarm(delay)) })),
  'write appends': storage(whole => ({ write: (path, bytes) => whole.append(path, bytes) })),
  'append truncates': storage(whole => ({ append: (path, bytes) => whole.write(path, bytes) })),
  'reads one byte less': storage(whole => ({
    read(path) {
      const result = whole.read(path);
      return result.ok ? ok(result.value.subarray(1)) : result;
    },
  })),
  'rename does nothing': storage(() => ({ rename: () => DONE })),
  'unlink does nothing': storage(() => ({ unlink: () => DONE })),
  'storage errors changed': storage(whole => ({
    read: path => otherError(whole.read(path)),
    list: path => otherError(whole.list(path)),
    stat: path => otherError(whole.stat(path)),
    sync: path => otherError(whole.sync(path)),
    makeDirectory: path => otherError(whole.makeDirectory(path)),
  })),
  'stat tells nonsense': storage(() => ({ stat: () => ok({ kind: 'file', size: 1, modified: 1 as Instant }) })), // any number is an Instant
  'read gives what it keeps': storage(whole => {
    const kept = new Map<string, Uint8Array>();
    return {
      read(path) {
        const result = whole.read(path);
        if (!result.ok) return result;
        const bytes = kept.get(path) ?? result.value;
        kept.set(path, bytes);
        return ok(bytes);
      },
    };
  }),
  'text ends at a NUL': text(path => path.split('\0', 1)[0] ?? ''),
  'half a character is replaced': text(path => path.replace(/\p{Cs}/gu, '\ufffd')),
  'slashes behind a name do not count': text(path => path.replace(/(?<=.)\/+$/, '')),
  'dots are taken for a name': storage(whole => ({
    rename: (from, to) => ([from, to].some(path => /(^|\/)\.{1,2}$/.test(path)) ? fail('EINVAL', 'mutant') : whole.rename(from, to)),
  })),
  'directories have no time': storage(whole => ({
    stat(path) {
      const result = whole.stat(path);
      return result.ok && result.value.kind === 'directory' ? ok({ ...result.value, modified: 0 as Instant }) : result; // any number is an Instant
    },
  })),
  'appending nothing writes': storage(whole => ({
    append(path, bytes) {
      const there = whole.read(path);
      return bytes.length === 0 && there.ok ? whole.write(path, there.value) : whole.append(path, bytes);
    },
  })),
  'long arguments are cut': processes(whole => ({
    spawn: (program, args, options) =>
      whole.spawn(
        program,
        args.slice(0, 10).map(arg => arg.slice(0, 60_000)),
        options,
      ),
  })),
  'small writes cost nothing': streams(stream => ({
    write: bytes => (bytes.length <= 192 && stream.kind === 'unix' ? Math.min(stream.write(bytes), 0) : stream.write(bytes)),
  })),
  'a backlog is one at least': network(whole => ({
    listen: (at, { backlog }, handler) => whole.listen(at, { backlog: Math.max(1, backlog) }, handler),
  })),
  'ports are cut to a byte pair': network(whole => ({
    listen: (at, options, handler) => whole.listen(at.transport === 'tcp' ? { ...at, port: at.port & 0xffff } : at, options, handler),
    bind: (at, options, handler) => whole.bind({ ...at, port: at.port & 0xffff }, options, handler),
  })),
  'host name changes': host => {
    let asked = 0;
    return overlay(host, { system: overlay(host.system, { hostName: () => `host${asked++}` }) });
  },
  'started in the future': system(() => ({ bootTime: () => FAR_FUTURE })),
  'load is a fraction': system(() => ({ loadAverages: () => [0.25, 0, 0] })),
  'login without a name': system(() => ({ logins: () => ok([{ line: 'pts/0', user: '', since: FAR_FUTURE, idle: undefined }]) })),
  'loopback broadcasts': network(whole => ({
    interfaces: () => whole.interfaces().map(each => (each.loopback ? { ...each, broadcast: '127.255.255.255' } : each)),
  })),
  'chance is always zero': host => overlay(host, { random: { below: () => 0, fill() {} } }),
  'log is ASCII': host =>
    overlay(host, {
      log: (severity, event, fields = {}) => host.log(severity, event, { ...fields, what: String(fields['what']).replace(/[^ -~]/g, '?') }),
    }),
};
