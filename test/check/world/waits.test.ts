/** Waits for what does not come, and rounds without end: two daemons of which neither is wrong alone, and the same without the mistake. */
import { describe, expect, test } from 'vitest';
import type { Housekeeping } from '../../../src/check/world/housekeeping.ts';
import { utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Host, Stream, StreamHandler } from '../../../src/host/host.ts';
import { millis } from '../../../src/host/time.ts';
import { deaf, every, HERE, HOUR, streamOf, violated } from './small.ts';

const asks: { readonly housekeeping: Housekeeping } = { housekeeping: { programs: { it: { asks: true }, middle: { asks: true } } } };
const THERE = { transport: 'unix', path: '/s/there' } as const;

const serves =
  (at: typeof HERE | typeof THERE, accept: (stream: Stream) => StreamHandler): Daemon =>
  host =>
    host.network.listen(at, { backlog: 8 }, { opened: () => {}, accept });
const WORD = utf8('what');
/** Connects when it is served, and asks. */
const calls = (host: Host, at: typeof HERE | typeof THERE, heard: (stream: Stream) => StreamHandler): void =>
  host.network.connect(at, {}, result => {
    if (!result.ok) {
      host.clock.setTimer(millis(10), () => calls(host, at, heard));
      return deaf;
    }
    const stream = streamOf(result);
    stream.write(WORD);
    return heard(stream);
  });
const asker: Daemon = host => {
  host.process.spawn('server', []);
  calls(host, HERE, () => deaf);
};

describe('no-unanswered-wait', () => {
  test('who is not answered is told with whom he waits for', () => {
    const silent = serves(HERE, () => deaf);
    expect(violated(asker, asks, { server: silent })).toEqual([
      expect.stringMatching(
        /^no-unanswered-wait: m\/it\.100 waits for m\/server\.101 to answer what it sent on unix\d+> at event \d+, who has read it$/,
      ),
    ]);
    // Not known of it, and nothing to judge.
    expect(violated(asker, {}, { server: silent })).toEqual([]);
  });

  test.each<[string, (stream: Stream) => StreamHandler]>([
    ['an answer', stream => ({ data: () => void stream.write(utf8('that')) })],
    ['the end of the connection', stream => ({ data: () => stream.end() })],
    ['its close', stream => ({ data: () => stream.close() })],
  ])('%s ends a wait', (_, accept) => {
    expect(violated(asker, asks, { server: serves(HERE, accept) })).toEqual([]);
  });

  test('whoever has a timer to end it does not wait for ever, but one that is set again and again ends nothing', () => {
    const silent = serves(HERE, () => deaf);
    const patient =
      (guard: (host: Host) => void): Daemon =>
      host => {
        guard(host);
        asker(host);
      };
    expect(
      violated(
        patient(({ clock }) => void clock.setTimer(HOUR, () => {})),
        asks,
        { server: silent },
      ),
    ).toEqual([]);
    expect(
      violated(
        patient(host => every(host, millis(100), () => {})),
        asks,
        { server: silent },
      ),
    ).toEqual([expect.stringContaining('m/it.100 waits for m/server.101')]);
  });

  test('two that answer only when they are answered are a deadlock', () => {
    // Each asks the other, and answers once it has its own answer.
    const polite =
      (own: typeof HERE | typeof THERE, other: typeof HERE | typeof THERE): Daemon =>
      host => {
        let answered = false;
        const owed: Stream[] = [];
        const settle = (): void => {
          if (answered) for (const each of owed.splice(0)) each.write(utf8('that'));
        };
        const asked = (stream: Stream): void => {
          owed.push(stream);
          settle();
        };
        const heard = (): void => {
          answered = true;
          settle();
        };
        serves(own, stream => ({ data: () => asked(stream) }))(host);
        calls(host, other, () => ({ data: heard }));
      };
    const it: Daemon = host => {
      host.process.spawn('middle', []);
      polite(HERE, THERE)(host);
    };
    expect(violated(it, asks, { middle: polite(THERE, HERE) })).toEqual([
      expect.stringMatching(/m\/middle\.101 waits for m\/it\.100 .*; m\/it\.100 waits for m\/middle\.101 .*, which is a deadlock$/),
    ]);
  });

  test('a stream that was paused and is not resumed has a lost wake-up, whatever is known', () => {
    const pauses =
      (resumes: boolean): Daemon =>
      host =>
        serves(HERE, stream => ({
          data: () => {
            stream.pause();
            if (resumes) host.clock.setTimer(millis(100), () => stream.resume());
          },
        }))(host);
    const sends: Daemon = host => {
      host.process.spawn('server', []);
      calls(host, HERE, stream => {
        host.clock.setTimer(millis(50), () => void stream.write(utf8('more')));
        return deaf;
      });
    };
    expect(violated(sends, {}, { server: pauses(true) })).toEqual([]);
    expect(violated(sends, {}, { server: pauses(false) })).toEqual([
      expect.stringMatching(/waits for m\/server\.101 to read the \d bytes on unix\d+>, which it paused at event \d+ and has not resumed$/),
    ]);
  });

  test('nobody waits for who is gone, nor before a power cut', () => {
    const leaves = serves(HERE, () => deaf);
    const it: Daemon = host => {
      const server = host.process.spawn('server', []);
      calls(host, HERE, () => deaf);
      host.clock.setTimer(millis(200), () => server.ok && host.process.kill(server.value, 'SIGKILL'));
    };
    expect(violated(it, asks, { server: leaves })).toEqual([]);
  });
});

describe('no-livelock', () => {
  /** Without what says that a run is too long. */
  const rounds: typeof violated = (...it) => violated(...it).filter(each => each.startsWith('no-livelock'));
  /** Whatever is said to it, it says again, once it has all of it. */
  const echo = (delay: number, host: Host, stream: Stream): StreamHandler => {
    let missing = WORD.length;
    const answer = (): void => void stream.write(WORD);
    return {
      data: bytes => {
        missing -= bytes.length;
        if (missing > 0) return;
        missing = WORD.length;
        if (delay === 0) answer();
        else host.clock.setTimer(millis(delay), answer);
      },
    };
  };
  const pingPong =
    (delay: number): Daemon =>
    host => {
      host.process.spawn('server', []);
      calls(host, HERE, stream => echo(delay, host, stream));
    };
  const server: Daemon = host => serves(HERE, stream => echo(0, host, stream))(host);

  test('two that say the same to each other without end', () => {
    expect(rounds(pingPong(0), {}, { server })).toEqual([
      expect.stringMatching(/^no-livelock: m\/\w+\.10\d has gone round 1000 times .*, with m\/\w+\.10\d: (recv, send|send, recv)$/),
    ]);
    expect(rounds(pingPong(1), {}, { server })).toEqual([]);
  });

  test('one that tries again at once', () => {
    const insists =
      (delay: number): Daemon =>
      host => {
        const again = (): void =>
          host.network.connect(HERE, {}, () => {
            if (delay < 0) again();
            else host.clock.setTimer(millis(delay), again);
            return deaf;
          });
        again();
      };
    expect(rounds(insists(-1), { liveness: '5 s' })).toEqual([
      expect.stringMatching(/^no-livelock: m\/it\.100 .*: (connect, open|open, connect)$/),
    ]);
    expect(rounds(insists(0), { liveness: '5 s' })).toEqual([expect.stringContaining('no-livelock: m/it.100')]);
    expect(rounds(insists(5), { liveness: '20 s' })).toEqual([]);
  });

  test('what says something new each time gets somewhere', () => {
    const counts: Daemon = host => {
      host.process.spawn('server', []);
      let count = 0;
      calls(host, HERE, stream => ({ data: () => void (count++ < 5_000 && stream.write(utf8(`${count}.`))) }));
    };
    expect(rounds(counts, {}, { server })).toEqual([]);
  });

  test('a server is not where its clients go round', () => {
    const client: Daemon = host =>
      every(host, millis(2), () =>
        host.network.connect(HERE, {}, result => {
          if (!result.ok) return deaf;
          result.value.write(utf8('x'));
          return { data: () => result.value.close() };
        }),
      );
    const it: Daemon = host => {
      for (let each = 0; each < 3; each++) host.process.spawn('client', []);
      server(host);
    };
    expect(rounds(it, {}, { client })).toEqual([]);
  });
});
