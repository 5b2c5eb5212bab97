/** Streams: bytes arrive whole and in order under any segmentation and back-pressure, and ends, resets and errors follow the kernel's rules. */
import { describe, expect, it } from 'vitest';
import type { Daemon, Programs, Stream } from '../../src/host/host.ts';
import { PIPE_CAPACITY } from '../../src/host/host.ts';
import { micros, millis, seconds } from '../../src/host/time.ts';
import { STREAM_CAPACITY } from '../../src/sim/core/options.ts';
import { bytesOf, calling, later, logging, must, nothing, PORT, SERVER, Stage, serving } from './kit.ts';

const SIZE = 3_000_000;
const byteAt = (index: number): number => ((index * 2_654_435_761) >>> 13) & 255;

function pattern(from: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => byteAt(from + index));
}

/** Counts what comes and whether it is the pattern. */
class Receiver {
  size = 0;
  wrong = 0;
  reads = 0;
  longest = 0;

  take(bytes: Uint8Array): void {
    for (const byte of bytes) if (byte !== byteAt(this.size++)) this.wrong++;
    this.reads++;
    this.longest = Math.max(this.longest, bytes.length);
  }
}

/** Writes the pattern in chunks, and waits for `drain` whenever something is pending. */
function pour(stream: Stream, chunk: number, done: () => void): () => void {
  let sent = 0;
  const go = (): void => {
    while (sent < SIZE) {
      const bytes = pattern(sent, Math.min(chunk, SIZE - sent));
      sent += bytes.length;
      if (stream.write(bytes) > 0) return;
      bytes.fill(0);
    }
    done();
  };
  return go;
}

const sender = (chunk: number): Daemon =>
  calling(stream => {
    const go = pour(stream, chunk, () => stream.end());
    go();
    return { data: () => {}, drain: go };
  });

describe('bytes of a stream', () => {
  it.each([
    ['at random', 65_536, {}],
    ['of 7 bytes at the most', 100_000, { readMax: 7 }],
    ['written one page at a time', 4_096, {}],
    ['in one write', SIZE, {}],
  ])('arrive whole and in order, segments %s', (_name, chunk, link) => {
    const receiver = new Receiver();
    const a = serving((_stream, host) => ({ ...logging(host), data: bytes => receiver.take(bytes) }));
    const world = Stage.of({ a, b: sender(chunk) }, { link: { latencyMin: micros(1), latencyMax: micros(50), ...link }, sink: () => {} });
    world.run(3_600);
    expect({ size: receiver.size, wrong: receiver.wrong }).toEqual({ size: SIZE, wrong: 0 });
    expect(receiver.longest).toBeLessThanOrEqual('readMax' in link ? link.readMax : 65_536);
  });

  it('are copied: neither side can change what the other has', () => {
    const seen: string[] = [];
    const a = serving(() => ({
      data: bytes => {
        seen.push(String(bytes));
        bytes.fill(9);
      },
    }));
    const b = calling(stream => {
      const bytes = Uint8Array.of(1, 2, 3);
      stream.write(bytes);
      bytes.fill(7);
      return nothing;
    });
    const stage = Stage.of({ a, b });
    stage.run(2);
    expect(seen.join(',')).toBe('1,2,3');
    expect([...stage.of('send'), ...stage.of('recv')].flatMap(event => [...(event.bytes ?? [])])).toEqual([1, 2, 3, 1, 2, 3]);
  });
});

describe('back-pressure', () => {
  const slow = (stream: Stream, host: Parameters<Daemon>[0]) => {
    stream.pause();
    later(host, seconds(5), () => stream.resume());
    return logging(host);
  };

  it('keeps pending what the kernel does not take, and tells when it is gone', () => {
    const pending: number[] = [];
    const b = calling((stream, host) => {
      pending.push(stream.write(new Uint8Array(STREAM_CAPACITY)), stream.write(new Uint8Array(1_000)));
      later(host, seconds(3), () => pending.push(stream.pending));
      return logging(host, { drain: () => pending.push(stream.pending) });
    });
    const stage = Stage.of({ a: serving(slow), b });
    stage.run(4.5);
    expect(pending).toEqual([0, 1_000, 1_000]);
    expect(stage.of('recv')).toEqual([]);
    stage.run(10);
    expect(pending).toEqual([0, 1_000, 1_000, 0]);
    expect(stage.of('drain')).toHaveLength(1);
    expect(stage.of('recv').reduce((sum, event) => sum + (event.bytes?.length ?? 0), 0)).toBe(STREAM_CAPACITY + 1_000);
  });

  it('loses what is pending when the writer ends, and delivers what the kernel has', () => {
    const b = calling((stream, host) => {
      stream.write(new Uint8Array(STREAM_CAPACITY + 5_000));
      later(host, seconds(1), () => host.process.exit(0));
      return nothing;
    });
    const stage = Stage.of({ a: serving(slow), b });
    stage.run(10);
    expect(stage.of('recv').reduce((sum, event) => sum + (event.bytes?.length ?? 0), 0)).toBe(STREAM_CAPACITY);
    expect(stage.logs('a').at(-1)).toBe('end');
  });

  it('does not let a stopped process write', () => {
    const b = calling((stream, host) => {
      stream.write(new Uint8Array(STREAM_CAPACITY + 5_000));
      return logging(host);
    });
    const stage = Stage.of({ a: serving(slow), b });
    const received = (): number => stage.of('recv').reduce((sum, event) => sum + (event.bytes?.length ?? 0), 0);
    stage.inject({ kind: 'pause', at: seconds(3), duration: seconds(100), program: 'b' }).run(50);
    expect(received()).toBe(STREAM_CAPACITY);
    stage.run(150);
    expect(received()).toBe(STREAM_CAPACITY + 5_000);
  });

  it('holds an end back until everything before it is written, and tells of the drain', () => {
    const b = calling((stream, host) => {
      stream.write(new Uint8Array(STREAM_CAPACITY + 5_000));
      stream.end();
      return logging(host);
    });
    const stage = Stage.of({ a: serving(slow), b });
    stage.run(4.5);
    expect(stage.logs()).toEqual([]);
    stage.run(10);
    expect(stage.of('recv').reduce((sum, event) => sum + (event.bytes?.length ?? 0), 0)).toBe(STREAM_CAPACITY + 5_000);
    expect(stage.logs('b')).toEqual(['drain']);
    expect(stage.logs('a').at(-1)).toBe('end');
  });

  it('of a pipe is that of Linux: 3120 frames of 21 bytes', () => {
    const pending: number[] = [];
    const a: Daemon = host => {
      const { read, write } = must(host.descriptors.pipe());
      const writer = must(host.descriptors.attach(write, 'write', logging(host)));
      for (let frame = 1; frame <= 3_122; frame++) pending.push(writer.write(new Uint8Array(21)));
      later(host, seconds(1), () => must(host.descriptors.attach(read, 'read', nothing)));
    };
    const stage = Stage.of({ a });
    stage.run(0.5);
    expect(pending.slice(3_118)).toEqual([0, 0, 21, 42]);
    stage.run(5);
    expect(stage.logs()).toEqual(['drain']);
  });

  it('of a pipe takes PIPE_CAPACITY at once', () => {
    const pending: number[] = [];
    const a: Daemon = host => {
      const { write } = must(host.descriptors.pipe());
      const writer = must(host.descriptors.attach(write, 'write', nothing));
      pending.push(writer.write(new Uint8Array(PIPE_CAPACITY)), writer.write(new Uint8Array(1)));
    };
    Stage.of({ a }).run(1);
    expect(pending).toEqual([0, 1]);
  });
});

/** What each end logs when the server does `server` and the client does `client`. */
function ends(programs: Programs, until = 30): { readonly a: readonly unknown[]; readonly b: readonly unknown[]; readonly stage: Stage } {
  const stage = Stage.of(programs);
  stage.run(until);
  return { a: stage.logs('a'), b: stage.logs('b'), stage };
}

describe('the end of a stream', () => {
  it('is one direction at a time: what comes after a half-close still arrives', () => {
    const a = serving((stream, host) =>
      logging(host, {
        end: () => {
          host.log('info', 'end');
          stream.write(bytesOf('late'));
          stream.end();
        },
      }),
    );
    const b = calling((stream, host) => {
      stream.write(bytesOf('x'));
      stream.end();
      return logging(host, { data: bytes => host.log('info', `data-${bytes.length}`) });
    });
    const seen = ends({ a, b });
    expect(seen.a).toEqual(['data', 'end', 'close']);
    expect(seen.b.at(-1)).toBe('close');
    expect(seen.b.at(-2)).toBe('end');
    expect(
      seen.stage
        .of('recv', 'b')
        .map(event => event.bytes?.length)
        .reduce((sum, size) => (sum ?? 0) + (size ?? 0), 0),
    ).toBe(4);
  });

  it('is an error after a reset, and no end of file', () => {
    const b = calling((stream, host) => {
      later(host, seconds(1), () => stream.reset());
      return logging(host);
    });
    const seen = ends({ a: serving((_stream, host) => logging(host)), b });
    expect(seen.a).toEqual(['close-ECONNRESET']);
    expect(seen.b).toEqual([]);
  });

  it('is a reset when the closing side had unread input, and an end of file when it had not', () => {
    const closing = (pause: boolean): Daemon =>
      serving((stream, host) => {
        if (pause) stream.pause();
        later(host, seconds(1), () => stream.close());
        return nothing;
      });
    const b = calling((stream, host) => {
      stream.write(bytesOf('hello'));
      return logging(host);
    });
    expect(ends({ a: closing(true), b }).b).toEqual(['close-ECONNRESET']);
    expect(ends({ a: closing(false), b }).b).toEqual(['end']);
  });

  it('comes first when the bytes were still on their way: end of file, then a reset that the next write meets', () => {
    const a = serving((stream, host) => {
      later(host, millis(650), () => stream.close());
      return nothing;
    });
    const b: Daemon = host => {
      later(host, seconds(1), () =>
        host.network.connect({ transport: 'tcp', address: SERVER, port: PORT }, {}, result => {
          const stream = must(result);
          host.signals.handle('SIGPIPE', 'ignore');
          // Sent before the close at the other side, and there after it.
          later(host, millis(500), () => stream.write(bytesOf('x')));
          later(host, seconds(5), () => stream.write(bytesOf('y')));
          return logging(host);
        }),
      );
    };
    const stage = Stage.of({ a, b }, { link: { latencyMin: millis(100), latencyMax: millis(100) } });
    stage.run(30);
    expect(stage.logs('b')).toEqual(['end', 'close-EPIPE']);
    expect(stage.of('recv', 'a')).toEqual([]);
  });

  it('meets the first write after a reset has arrived unread: ECONNRESET', () => {
    const a = serving((stream, host) => {
      later(host, seconds(1), () => stream.reset());
      return nothing;
    });
    const b = calling((stream, host) => {
      stream.pause();
      later(host, seconds(5), () => stream.write(bytesOf('x')));
      return logging(host);
    });
    expect(ends({ a, b }).b).toEqual(['close-ECONNRESET']);
  });

  it('raises SIGPIPE with EPIPE on a pipe without a reader, and none on ECONNRESET', () => {
    const a: Daemon = host => {
      const { read, write } = must(host.descriptors.pipe());
      const stream = must(host.descriptors.attach(write, 'write', logging(host)));
      host.descriptors.close(read);
      host.signals.handle('SIGPIPE', () => host.log('info', 'SIGPIPE'));
      stream.write(bytesOf('x'));
    };
    expect(ends({ a }).a).toEqual(['SIGPIPE', 'close-EPIPE']);
    const deadly: Daemon = host => {
      const { read, write } = must(host.descriptors.pipe());
      const stream = must(host.descriptors.attach(write, 'write', logging(host)));
      host.descriptors.close(read);
      stream.write(bytesOf('x'));
    };
    expect(ends({ a: deadly }).stage.data('exit', 'signal')).toEqual(['SIGPIPE']);
  });

  it('comes when the last of several writers of a pipe has closed', () => {
    const a: Daemon = host => {
      const { read, write } = must(host.descriptors.pipe());
      must(host.process.spawn('w', [], { descriptors: { 3: write } }));
      must(host.process.spawn('w', [], { descriptors: { 3: write } }));
      host.descriptors.close(write);
      must(host.descriptors.attach(read, 'read', logging(host)));
    };
    const w: Daemon = host => later(host, seconds(host.process.pid - 100), () => host.process.exit(0));
    const stage = new Stage({ a, w });
    stage.add('m').start('a');
    stage.run(10);
    expect(stage.logs()).toEqual(['end', 'close']);
    expect(Math.floor((stage.of('eof')[0]?.time ?? 0) / 1_000_000)).toBe(2);
  });

  it('makes every further use a misuse, and no callback follows', () => {
    const thrown: string[] = [];
    const attempt = (act: () => void): void => {
      try {
        act();
      } catch (error) {
        thrown.push(String(error));
      }
    };
    const a = serving((stream, host) => {
      later(host, seconds(1), () => {
        stream.end();
        attempt(() => stream.write(bytesOf('x')));
        stream.close();
        stream.close();
        stream.end();
        stream.reset();
        stream.resume();
      });
      return logging(host);
    });
    const b = calling((stream, host) => {
      later(host, millis(500), () => stream.write(bytesOf('one')));
      later(host, millis(1_002), () => stream.write(bytesOf('two')));
      return logging(host);
    });
    const seen = ends({ a, b });
    expect(thrown).toEqual(['Error: write after end']);
    expect(seen.a).toEqual(['data']);
    expect(seen.stage.of('bug')).toEqual([]);
  });
});

describe('a TCP stream whose peer has closed', () => {
  it('has no more room than before until the answer comes', () => {
    const a = serving((stream, host) => {
      later(host, seconds(1), () => stream.close());
      return logging(host);
    });
    const pending: number[] = [];
    const b = calling((stream, host) => {
      host.signals.handle('SIGPIPE', 'ignore');
      // The first is answered by an RST when it has got there, 0.1 s later, and that is here after another 0.1 s.
      for (const time of [1_010, 1_150]) later(host, millis(time), () => pending.push(stream.write(new Uint8Array(STREAM_CAPACITY))));
      return logging(host);
    });
    const stage = Stage.of({ a, b }, { link: { latencyMin: millis(100), latencyMax: millis(100) } });
    stage.run(5);
    expect(pending).toEqual([0, STREAM_CAPACITY]);
    expect(stage.logs('b')).toEqual(['end', 'close-EPIPE']);
  });
});

describe('a Unix-domain stream', () => {
  const path = '/run/socket';
  const listen =
    (handler: (stream: Stream, host: Parameters<Daemon>[0]) => ReturnType<typeof logging>): Daemon =>
    host =>
      host.network.listen(
        { transport: 'unix', path },
        { backlog: 1 },
        { opened: result => void must(result), accept: s => handler(s, host) },
      );
  const connect =
    (handler: (stream: Stream, host: Parameters<Daemon>[0]) => ReturnType<typeof logging>): Daemon =>
    host =>
      later(host, seconds(1), () => host.network.connect({ transport: 'unix', path }, {}, result => handler(must(result), host)));

  it('resets the peer when it is closed with unread input', () => {
    const s = listen((stream, host) => {
      stream.pause();
      later(host, seconds(1), () => stream.close());
      return logging(host);
    });
    const c = connect((stream, host) => {
      stream.write(bytesOf('x'));
      return logging(host);
    });
    const stage = new Stage({ s, c });
    const machine = stage.add('m', ['/run']);
    machine.start('s');
    machine.start('c');
    stage.run(5);
    expect(stage.logs('c')).toEqual(['close-ECONNRESET']);
  });

  it('knows no reset from outside', () => {
    const s = listen((_stream, host) => logging(host));
    const c = connect((_stream, host) => logging(host));
    const stage = new Stage({ s, c });
    const machine = stage.add('m', ['/run']);
    machine.start('s');
    machine.start('c');
    stage.inject({ kind: 'reset', at: seconds(2), program: 's' }).run(5);
    expect(stage.logs()).toEqual([]);
    expect(stage.fired()).toEqual([0]);
  });

  it('breaks a writer with pending bytes when the reader is gone', () => {
    const s = listen((stream, host) => {
      stream.pause();
      later(host, seconds(1), () => host.process.exit(0));
      return nothing as ReturnType<typeof logging>;
    });
    const c = connect((stream, host) => {
      host.signals.handle('SIGPIPE', 'ignore');
      stream.write(new Uint8Array(STREAM_CAPACITY + 1));
      return logging(host);
    });
    const stage = new Stage({ s, c });
    const machine = stage.add('m', ['/run']);
    machine.start('s');
    machine.start('c');
    stage.run(5);
    expect(['close-EPIPE', 'close-ECONNRESET']).toContain(stage.logs('c').join());
  });
});
