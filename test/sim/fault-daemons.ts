/** The daemons that faults are tried on: `a` listens or writes files, `b` calls it. */
import type { Daemon } from '../../src/host/host.ts';
import { millis, seconds } from '../../src/host/time.ts';
import { bytesOf, calling, codeOf, later, logging, must, nothing, type Stage, serving } from './kit.ts';

export const during = { at: seconds(2), duration: seconds(10) };
export const idle: Daemon = () => {};

/** Sends a numbered byte each second while the stream lives, and logs what comes back. */
export const chatter = calling((stream, host) => {
  let open = true;
  const next = (count: number): void => {
    if (!open || count === 20) return;
    stream.write(bytesOf(String(count % 10)));
    later(host, seconds(1), () => next(count + 1));
  };
  next(0);
  const told = logging(host);
  return {
    ...told,
    close: error => {
      open = false;
      told.close?.(error);
    },
  };
});
export const burst = calling((stream, host) => {
  later(host, seconds(2), () => stream.write(new Uint8Array(1_000)));
  return nothing;
});
export const sink = serving((_stream, host) => logging(host));

/** Says something to `a` each second. */
export const shouting: Daemon = host =>
  host.network.bind(
    { address: '0.0.0.0', port: 9 },
    {},
    {
      opened: result => {
        for (let second = 1; second < 20; second++)
          later(host, millis(1_000 * second), () => {
            for (let each = 0; each < 5; each++) must(result).send(bytesOf(`${second} ${each}`), { address: '10.0.0.1', port: 9 });
          });
      },
      message: () => {},
    },
  );
export const hearing: Daemon = host =>
  host.network.bind({ address: '0.0.0.0', port: 9 }, {}, { opened: () => {}, message: () => host.log('info', 'heard') });

/** Appends and syncs each second, and says how it went. */
export const writing: Daemon = host => {
  for (let second = 1; second < 20; second++)
    later(host, seconds(second), () => {
      const written = host.storage.append('/d/f', bytesOf('x'));
      host.log('info', codeOf(written.ok ? host.storage.sync('/d/f') : written));
    });
};
/** Each second: opens a connection and a pipe, and starts a process; says how it went. */
export const opening: Daemon = host => {
  for (let second = 1; second < 20; second++)
    later(host, seconds(second), () => {
      host.network.connect({ transport: 'tcp', address: '10.0.0.1', port: 7 }, {}, result => {
        host.log('info', `connect-${result.ok ? 'ok' : result.error.code}`);
        return nothing;
      });
      const pipe = host.descriptors.pipe();
      host.log('info', `pipe-${codeOf(pipe)}`);
      if (pipe.ok) for (const end of Object.values(pipe.value)) host.descriptors.close(end);
      host.log('info', `spawn-${codeOf(host.process.spawn('c', []))}`);
    });
};
export const ticking: Daemon = host => {
  for (let second = 1; second < 20; second++)
    later(host, seconds(second), () => host.log('info', 'tick', { wall: host.clock.wall(), at: host.clock.monotonic() }));
};

/** The longest way of a message from `b` to `a`. */
export const longest = (stage: Stage): number =>
  Math.max(
    ...stage.of('recv', 'a').map(event => event.time - (stage.of('send', 'b').find(each => each.message === event.message)?.time ?? 0)),
  );
export const receivedIn = (stage: Stage, from: number, to: number): number =>
  stage.of('receive').filter(event => event.time > from * 1_000_000 && event.time < to * 1_000_000).length;
