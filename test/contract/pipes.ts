import { PIPE_CAPACITY } from '../../src/host/host.ts';
import { type ContractCase, contractCase, must, programsOf } from './case.ts';
import { pattern } from './end.ts';
import { attach, converse, parentOf, pause, pipeHere, reaped, throws } from './kit.ts';

const SECTION = 'pipes: bytes';

export const PIPES: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'pipe-conversation',
    purpose: 'A child reads from its descriptor 0 what its parent writes, and is read from its descriptor 1.',
    roles: {
      *main(host, stage) {
        const { input, output } = converse(host, stage, 'child');
        input.write('question');
        input.stream.end();
        yield* output.untilClosed();
        stage.saw(output.history);
        stage.saw((yield* reaped(host)).how);
      },
      *child(host, { saw }) {
        const { input, output } = parentOf(host);
        yield* input.untilClosed();
        saw(input.history);
        output.write('answer');
      },
    },
    expect: { main: ['"answer" end close', 'exit 0'], child: ['"question" end close'] },
  }),

  contractCase(SECTION, {
    name: 'pipe-here',
    purpose: 'Both ends may belong to one process; a pipe has no endpoints, and closes for its reader after the end.',
    roles: {
      *main(host, { saw }) {
        const { reader, writer } = pipeHere(host);
        const { kind, local, remote } = reader.stream;
        saw(`${kind} ${writer.stream.kind}, endpoints: ${local} ${remote}`);
        writer.write('to myself');
        writer.stream.end();
        yield* reader.untilClosed();
        yield* pause(host);
        saw(`reader: ${reader.history}`);
      },
    },
    expect: { main: ['pipe pipe, endpoints: undefined undefined', 'reader: "to myself" end close'] },
  }),

  contractCase(SECTION, {
    name: 'pipe-misuse',
    purpose: 'A write on a read end, or after our own end, throws.',
    roles: {
      *main(host, { saw }) {
        const { reader, writer } = pipeHere(host);
        saw(`read end: ${throws(() => reader.write('x'))}`);
        writer.stream.end();
        writer.stream.end();
        saw(`after end: ${throws(() => writer.write('x'))}`);
        yield* reader.untilEnded();
      },
    },
    expect: { main: ['read end: true', 'after end: true'] },
  }),

  contractCase(SECTION, {
    name: 'pipe-capacity',
    purpose: 'A pipe nobody reads takes 65536 bytes; one more is pending (pipe(7)).',
    roles: {
      *main(host, { saw }) {
        const { writer } = pipeHere(host, true);
        saw(`pending ${writer.stream.write(pattern(PIPE_CAPACITY))}`);
        saw(`pending ${writer.stream.write(pattern(1))}`);
        yield* pause(host);
        saw(`pending ${writer.stream.pending}, ${writer.history}`);
      },
    },
    expect: { main: ['pending 0', 'pending 1', 'pending 1, nothing'] },
  }),

  contractCase(SECTION, {
    name: 'pipe-takes-a-part',
    purpose: 'Of a write longer than 4096 bytes the pipe takes what it has room for.',
    roles: {
      *main(host, { saw }) {
        const { writer, reader } = pipeHere(host, true);
        saw(`pending ${writer.stream.write(pattern(PIPE_CAPACITY + 34_464))}`);
        reader.stream.resume();
        yield* reader.until(end => end.received === 100_000);
        yield* writer.until(end => end.drains > 0);
        saw(`intact ${reader.intact}, writer: ${writer.history}`);
      },
    },
    expect: { main: ['pending 34464', 'intact true, writer: drain'] },
  }),

  contractCase(SECTION, {
    name: 'pipe-atomic',
    purpose: 'A write of up to 4096 bytes (PIPE_BUF) that does not fit whole is wholly pending.',
    roles: {
      *main(host, { saw }) {
        const { writer } = pipeHere(host, true);
        saw(`pending ${writer.stream.write(pattern(PIPE_CAPACITY - 100))}`);
        saw(`pending ${writer.stream.write(pattern(200))}`);
        const { writer: other } = pipeHere(host, true);
        saw(`pending ${other.stream.write(pattern(PIPE_CAPACITY - 100))}`);
        saw(`pending ${other.stream.write(pattern(100))}`);
        yield* pause(host);
        saw(`pending ${writer.stream.pending} ${other.stream.pending}`);
      },
    },
    expect: { main: ['pending 0', 'pending 200', 'pending 0', 'pending 0', 'pending 200 0'] },
  }),

  contractCase(SECTION, {
    name: 'pipe-pages',
    purpose: 'The room is sixteen pages: a write of up to 4096 bytes that does not fit into the last page begins another.',
    roles: {
      *main(host, { saw }) {
        const { writer } = pipeHere(host, true);
        let taken = 0;
        while (writer.stream.write(pattern(1_000)) === 0) taken += 1_000;
        saw(`writes of 1000: ${taken}`);
        yield* pause(host);
        saw(`pending ${writer.stream.pending}`);
      },
    },
    expect: { main: ['writes of 1000: 64000', 'pending 1000'] },
  }),

  contractCase(SECTION, {
    name: 'pipe-order-behind-pending',
    purpose: 'What is written while something is pending queues up behind it, though it would fit.',
    roles: {
      *main(host, { saw }) {
        const { writer, reader } = pipeHere(host, true);
        writer.stream.write(pattern(PIPE_CAPACITY - 100));
        writer.stream.write(pattern(4_000, PIPE_CAPACITY - 100));
        saw(`pending ${writer.stream.write(pattern(50, PIPE_CAPACITY + 3_900))}`);
        reader.stream.resume();
        yield* reader.until(end => end.received === PIPE_CAPACITY + 3_950);
        saw(`intact ${reader.intact}`);
      },
    },
    expect: { main: ['pending 4050', 'intact true'] },
  }),

  contractCase(SECTION, {
    name: 'pipe-drain',
    purpose: 'A writer whose reader starts late is drained and loses nothing.',
    roles: {
      *main(host, stage) {
        const { input, output } = converse(host, stage, 'reader');
        yield* output.untilText('ready');
        input.stream.write(pattern(300_000));
        yield* pause(host);
        stage.saw(`pending ${input.stream.pending}, ${input.history}`);
        yield* input.until(end => end.drains > 0);
        input.stream.end();
        stage.saw(input.history);
        stage.saw((yield* reaped(host)).how);
      },
      *reader(host, { saw }) {
        const output = attach(host, 1, 'write');
        output.write('ready');
        yield* pause(host);
        yield* pause(host);
        yield* pause(host);
        const input = attach(host, 0, 'read');
        yield* input.untilEnded();
        saw(`${input.received} intact ${input.intact}`);
      },
    },
    expect: { main: [`pending ${300_000 - PIPE_CAPACITY}, nothing`, 'drain', 'exit 0'], reader: ['300000 intact true'] },
  }),

  contractCase(SECTION, {
    name: 'pipe-before-the-child',
    purpose: 'What was written before the child started, and before it attached, is there.',
    roles: {
      *main(host, stage) {
        const { read, write } = must(host.descriptors.pipe());
        const writer = attach(host, write, 'write');
        writer.write('early');
        stage.start('child', [], { 0: read });
        must(host.descriptors.close(read));
        writer.stream.end();
        stage.saw((yield* reaped(host)).how);
      },
      *child(host, { saw }) {
        yield* pause(host);
        const input = attach(host, 0, 'read');
        yield* input.untilClosed();
        saw(input.history);
      },
    },
    expect: { main: ['exit 0'], child: ['"early" end close'] },
  }),

  contractCase(SECTION, {
    name: 'pipe-pause',
    purpose: 'A paused read end holds back data, end and close until resumed.',
    roles: {
      *main(host, { saw }) {
        const { reader, writer } = pipeHere(host, true);
        writer.write('held');
        writer.stream.end();
        yield* pause(host);
        saw(`paused: ${reader.history}`);
        reader.stream.resume();
        yield* reader.untilClosed();
        saw(`resumed: ${reader.history}`);
      },
    },
    expect: { main: ['paused: nothing', 'resumed: "held" end close'] },
  }),
];

export const programs = programsOf(PIPES);
