/**
 * Pipes: how they end.
 */
import { concat, textOf } from '../../src/host/bytes.ts';
import { type ContractCase, contractCase, must, programsOf } from './case.ts';
import { pattern } from './end.ts';
import { attach, converse, pause, pipeHere, reaped } from './kit.ts';

const SECTION = 'pipes: ending';

export const PIPES_END: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'pipe-outlives-writer',
    purpose: 'What a process wrote into a pipe survives its death by SIGKILL.',
    roles: {
      *main(host, stage) {
        const { read, write } = must(host.descriptors.pipe());
        stage.start('writer', [], { 1: write });
        must(host.descriptors.close(write));
        stage.saw((yield* reaped(host)).how);
        const reader = attach(host, read, 'read');
        yield* reader.untilClosed();
        stage.saw(reader.history);
      },
      *writer(host) {
        attach(host, 1, 'write').write('last words');
        must(host.process.kill(host.process.pid, 'SIGKILL'));
        yield* pause(host);
      },
    },
    expect: { main: ['SIGKILL', '"last words" end close'] },
  }),

  contractCase(SECTION, {
    name: 'pipe-pending-is-lost',
    purpose: 'What is pending dies with the process: the reader gets the capacity of the pipe and no more.',
    roles: {
      *main(host, stage) {
        const { read, write } = must(host.descriptors.pipe());
        stage.start('writer', [], { 1: write });
        must(host.descriptors.close(write));
        stage.saw((yield* reaped(host)).how);
        const reader = attach(host, read, 'read');
        yield* reader.untilEnded();
        stage.saw(`${reader.received} intact ${reader.intact}`);
      },
      writer(host, { saw }) {
        saw(`pending ${attach(host, 1, 'write').stream.write(pattern(100_000))}`);
        host.process.exit(0);
      },
    },
    expect: { main: ['exit 0', '65536 intact true'], writer: ['pending 34464'] },
  }),

  contractCase(SECTION, {
    name: 'pipe-end-after-pending',
    purpose: '`end` on a write end waits for what is pending.',
    roles: {
      *main(host, { saw }) {
        const { reader, writer } = pipeHere(host, true);
        writer.stream.write(pattern(200_000));
        writer.stream.end();
        reader.stream.resume();
        yield* reader.untilClosed();
        saw(`${reader.history}, intact ${reader.intact}`);
      },
    },
    expect: { main: ['200000 bytes end close, intact true'] },
  }),

  contractCase(SECTION, {
    name: 'pipe-epipe-kills',
    purpose: 'A write into a pipe nobody can read any more kills by SIGPIPE.',
    roles: {
      *main(host, stage) {
        const { output } = converse(host, stage, 'writer');
        output.stream.close();
        stage.saw((yield* reaped(host)).how);
        stage.saw(output.history);
      },
      *writer(host, { saw }) {
        const output = attach(host, 1, 'write');
        yield* pause(host);
        saw(`idle: ${output.history}`);
        output.write('x');
        yield* output.untilClosed();
        saw('survived');
      },
    },
    expect: { main: ['SIGPIPE', 'nothing'], writer: ['idle: nothing'] },
  }),

  ...(['ignored', 'handled'] as const).map(way =>
    contractCase(SECTION, {
      name: `pipe-epipe-${way}`,
      purpose: `With SIGPIPE ${way} such a write breaks the stream with EPIPE.`,
      roles: {
        *main(host, { saw }) {
          let raised = 0;
          must(host.signals.handle('SIGPIPE', way === 'ignored' ? 'ignore' : () => void raised++));
          const { reader, writer } = pipeHere(host);
          writer.write('read');
          yield* reader.untilText('read');
          reader.stream.close();
          yield* pause(host);
          saw(`idle: ${writer.history}`);
          writer.write('x');
          yield* writer.untilClosed();
          yield* pause(host);
          saw(`${writer.history}, raised ${raised}`);
        },
      },
      expect: { main: ['idle: nothing', `close EPIPE, raised ${way === 'ignored' ? 0 : 1}`] },
    }),
  ),

  contractCase(SECTION, {
    name: 'pipe-pending-breaks',
    purpose: 'A writer with bytes pending is told at once when the last reader goes.',
    roles: {
      *main(host, { saw }) {
        must(host.signals.handle('SIGPIPE', 'ignore'));
        const { reader, writer } = pipeHere(host, true);
        saw(`pending ${writer.stream.write(pattern(70_000))}`);
        reader.stream.close();
        yield* writer.untilClosed();
        saw(writer.history);
      },
    },
    expect: { main: ['pending 4464', 'close EPIPE'] },
  }),

  contractCase(SECTION, {
    name: 'pipe-two-readers',
    purpose: 'Of two processes that read one pipe each byte reaches one, and the end both; one that goes leaves the rest to the other.',
    roles: {
      *main(host, stage) {
        const { read, write } = must(host.descriptors.pipe());
        const readers = [converse(host, stage, 'reader', [], { 3: read }), converse(host, stage, 'reader', [], { 3: read })] as const;
        const deserter = converse(host, stage, 'deserter', [], { 3: read });
        must(host.descriptors.close(read));
        for (const { output } of readers) yield* output.until(end => end.text.startsWith('ready'));
        yield* deserter.output.untilClosed();
        const writer = attach(host, write, 'write');
        writer.stream.write(pattern(100_000));
        writer.stream.end();
        for (const { output } of readers) yield* output.untilClosed();
        const counts = readers.map(({ output }) => Number(output.text.slice('ready'.length)));
        stage.saw(`in all ${counts.reduce((sum, count) => sum + count, 0)}`);
      },
      *reader(host) {
        const reader = attach(host, 3, 'read');
        const output = attach(host, 1, 'write');
        output.write('ready');
        yield* reader.untilEnded();
        output.write(String(reader.received));
        yield* output.until(end => end.stream.pending === 0);
      },
      *deserter(host) {
        const reader = attach(host, 3, 'read');
        yield* pause(host);
        reader.stream.close();
      },
    },
    expect: { main: ['in all 100000'] },
  }),

  contractCase(SECTION, {
    name: 'pipe-two-writers',
    purpose: 'Two processes write to one pipe; writes of up to 4096 bytes are not mixed, and the end comes after the last of them.',
    roles: {
      *main(host, stage) {
        const { read, write } = must(host.descriptors.pipe());
        stage.start('writer', ['a'], { 1: write });
        stage.start('writer', ['b'], { 1: write });
        must(host.descriptors.close(write));
        const parts: Uint8Array[] = [];
        yield resume => must(host.descriptors.attach(read, 'read', { data: bytes => void parts.push(bytes), end: resume }));
        const lines = textOf(concat(parts)).trimEnd().split('\n');
        const whole = lines.filter(line => /^(a{300}|b{300})$/.test(line));
        stage.saw(`${lines.length} lines, whole ${whole.length}, a ${whole.filter(line => line.startsWith('a')).length}`);
      },
      *writer(host) {
        const output = attach(host, 1, 'write');
        const line = `${(host.process.args[0] ?? '').repeat(300)}\n`;
        for (let count = 0; count < 40; count++) output.write(line);
        yield* output.until(end => end.stream.pending === 0);
      },
    },
    expect: { main: ['80 lines, whole 80, a 40'] },
  }),
];

export const programs = programsOf(PIPES_END);
