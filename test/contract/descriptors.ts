/**
 * Descriptors: who has which, and what that does to a pipe.
 */
import { type ContractCase, contractCase, must, programsOf } from './case.ts';
import { attach, converse, IGNORE, outcome, parentOf, pause, reaped } from './kit.ts';

const SECTION = 'pipes: descriptors';

export const DESCRIPTORS: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'descriptor-bad',
    purpose: 'Attaching what is not open, or not open for that direction, is EBADF; the descriptor is still good for the other.',
    roles: {
      *main(host, { saw }) {
        const { read, write } = must(host.descriptors.pipe());
        saw(`never opened: ${outcome(host.descriptors.attach(4_711, 'read', IGNORE))}`);
        saw(`below zero: ${outcome(host.descriptors.attach(-1, 'read', IGNORE))}`);
        saw(`read end for writing: ${outcome(host.descriptors.attach(read, 'write', IGNORE))}`);
        saw(`write end for reading: ${outcome(host.descriptors.attach(write, 'read', IGNORE))}`);
        const reader = attach(host, read, 'read');
        attach(host, write, 'write').write('both good');
        yield* reader.untilText('both good');
        saw(reader.history);
      },
    },
    expect: {
      main: ['never opened: EBADF', 'below zero: EBADF', 'read end for writing: EBADF', 'write end for reading: EBADF', '"both good"'],
    },
  }),

  contractCase(SECTION, {
    name: 'descriptor-close-twice',
    purpose: 'Closing a descriptor again, or one never opened, is EBADF; so is attaching a closed one.',
    roles: {
      main(host, { saw }) {
        const { read, write } = must(host.descriptors.pipe());
        saw(`numbers differ: ${read !== write}`);
        saw(`first: ${outcome(host.descriptors.close(read))}`);
        saw(`again: ${outcome(host.descriptors.close(read))}`);
        saw(`attach: ${outcome(host.descriptors.attach(read, 'read', IGNORE))}`);
        saw(`never opened: ${outcome(host.descriptors.close(4_711))}`);
        host.process.exit(0);
      },
    },
    expect: { main: ['numbers differ: true', 'first: ok', 'again: EBADF', 'attach: EBADF', 'never opened: EBADF'] },
  }),

  contractCase(SECTION, {
    name: 'descriptor-not-inherited',
    purpose: 'A child has no descriptor that `spawn` did not name, whatever its number.',
    roles: {
      *main(host, stage) {
        const { read, write } = must(host.descriptors.pipe());
        stage.start('child', [String(read), String(write)]);
        stage.saw((yield* reaped(host)).how);
      },
      child(host, { saw }) {
        const [read, write] = host.process.args.map(Number);
        if (read === undefined || write === undefined) throw new Error('two arguments');
        saw(`the read end: ${outcome(host.descriptors.attach(read, 'read', IGNORE))}`);
        saw(`the write end: ${outcome(host.descriptors.attach(write, 'write', IGNORE))}`);
        const others = Array.from({ length: 40 }, (_, number) => number).filter(number => number !== 1 && number !== 2);
        const open = others.filter(number => host.descriptors.attach(number, 'read', IGNORE).ok);
        saw(`open below 40: ${open.join() || 'none'}`);
        saw(`close 0: ${outcome(host.descriptors.close(0))}`);
        host.process.exit(0);
      },
    },
    expect: { main: ['exit 0'], child: ['the read end: EBADF', 'the write end: EBADF', 'open below 40: none', 'close 0: EBADF'] },
  }),

  contractCase(SECTION, {
    name: 'descriptor-log',
    purpose: 'Descriptors 1 and 2 that `spawn` did not name are open for writing, and no pipe of the parent.',
    roles: {
      *main(host, stage) {
        const { read, write } = must(host.descriptors.pipe());
        stage.start('child', [], { 3: write });
        must(host.descriptors.close(write));
        const reader = attach(host, read, 'read');
        yield* reader.untilClosed();
        stage.saw(reader.history);
      },
      *child(host, { saw }) {
        for (const number of [1, 2]) saw(`${number}: pending ${attach(host, number, 'write').write('a line for the log\n')}`);
        yield* pause(host);
      },
    },
    expect: { main: ['end close'], child: ['1: pending 0', '2: pending 0'] },
  }),

  contractCase(SECTION, {
    name: 'descriptor-numbers',
    purpose: "The child has each descriptor at the number it was named for, also where these are the parent's own numbers exchanged.",
    roles: {
      *main(host, stage) {
        const one = must(host.descriptors.pipe());
        const two = must(host.descriptors.pipe());
        attach(host, one.write, 'write').write('one');
        attach(host, two.write, 'write').write('two');
        stage.start('child', [String(two.read), String(one.read)], { [two.read]: one.read, [one.read]: two.read, 7: one.read });
        stage.saw((yield* reaped(host)).how);
      },
      *child(host, { saw }) {
        const [first, second] = host.process.args.map(Number);
        if (first === undefined || second === undefined) throw new Error('two arguments');
        const one = attach(host, first, 'read');
        const two = attach(host, second, 'read');
        yield* one.untilText('one');
        yield* two.untilText('two');
        saw(`${one.history} ${two.history}`);
      },
    },
    expect: { main: ['exit 0'], child: ['"one" "two"'] },
  }),

  contractCase(SECTION, {
    name: 'descriptor-high-number',
    purpose: "The child's numbers need not be dense.",
    roles: {
      *main(host, stage) {
        const { read, write } = must(host.descriptors.pipe());
        stage.start('child', [], { 12: write });
        must(host.descriptors.close(write));
        const reader = attach(host, read, 'read');
        yield* reader.untilClosed();
        stage.saw(reader.history);
        stage.saw((yield* reaped(host)).how);
      },
      *child(host, { saw }) {
        saw(`3: ${outcome(host.descriptors.close(3))}`);
        const output = attach(host, 12, 'write');
        output.write('twelve');
        yield* output.until(end => end.stream.pending === 0);
      },
    },
    expect: { main: ['"twelve" end close', 'exit 0'], child: ['3: EBADF'] },
  }),

  contractCase(SECTION, {
    name: 'descriptor-spawn-bad',
    purpose: 'Naming a descriptor that is not open is EBADF, and no child starts.',
    roles: {
      main(host, { saw, program }) {
        const { read } = must(host.descriptors.pipe());
        must(host.descriptors.close(read));
        saw(outcome(host.process.spawn(program('child'), [], { descriptors: { 0: read } })));
        host.process.wait(result => {
          saw(`wait: ${outcome(result)}`);
          host.process.exit(0);
        });
      },
      child(host, { saw }) {
        saw('started');
        host.process.exit(0);
      },
    },
    expect: { main: ['EBADF', 'wait: ECHILD'] },
  }),

  contractCase(SECTION, {
    name: 'descriptor-copy-keeps-open',
    purpose: 'The reader sees the end only when the last copy of the write end is closed: here a sibling keeps one.',
    roles: {
      *main(host, stage) {
        const { read, write } = must(host.descriptors.pipe());
        const keeper = converse(host, stage, 'keeper', [], { 3: write });
        yield* keeper.output.untilText('ready');
        stage.start('writer', [], { 1: write });
        must(host.descriptors.close(write));
        stage.saw((yield* reaped(host)).how);
        const reader = attach(host, read, 'read');
        yield* pause(host);
        stage.saw(`sibling alive: ${reader.history}`);
        keeper.input.write('go');
        yield* reader.untilClosed();
        stage.saw(`sibling gone: ${reader.history}`);
      },
      *writer(host) {
        const output = attach(host, 1, 'write');
        output.write('from the writer');
        yield* output.until(end => end.stream.pending === 0);
      },
      *keeper(host) {
        const { input, output } = parentOf(host);
        output.write('ready');
        yield* input.untilText('go');
      },
    },
    expect: { main: ['exit 0', 'sibling alive: "from the writer"', 'sibling gone: "from the writer" end close'] },
  }),

  contractCase(SECTION, {
    name: 'descriptor-own-copy-keeps-open',
    purpose: 'A parent that forgets to close its copy of the write end waits for an end of file for ever.',
    roles: {
      *main(host, stage) {
        const { read, write } = must(host.descriptors.pipe());
        stage.start('writer', [], { 1: write });
        stage.saw((yield* reaped(host)).how);
        const reader = attach(host, read, 'read');
        yield* pause(host);
        stage.saw(`forgotten: ${reader.history}`);
        must(host.descriptors.close(write));
        yield* reader.untilClosed();
        stage.saw(`closed: ${reader.history}`);
      },
      *writer(host) {
        const output = attach(host, 1, 'write');
        output.write('done');
        yield* output.until(end => end.stream.pending === 0);
      },
    },
    expect: { main: ['exit 0', 'forgotten: "done"', 'closed: "done" end close'] },
  }),

  contractCase(SECTION, {
    name: 'descriptor-close-ends',
    purpose: 'Closing the last write end, never attached, is the end for the reader; closing the last read end makes EPIPE.',
    roles: {
      *main(host, { saw }) {
        must(host.signals.handle('SIGPIPE', 'ignore'));
        const one = must(host.descriptors.pipe());
        const reader = attach(host, one.read, 'read');
        must(host.descriptors.close(one.write));
        yield* reader.untilClosed();
        saw(reader.history);
        const two = must(host.descriptors.pipe());
        const writer = attach(host, two.write, 'write');
        must(host.descriptors.close(two.read));
        writer.write('x');
        yield* writer.untilClosed();
        saw(writer.history);
      },
    },
    expect: { main: ['end close', 'close EPIPE'] },
  }),

  contractCase(SECTION, {
    name: 'descriptor-reader-copy',
    purpose: 'A pipe can be written while any copy of its read end is open: here the child that read has ended, the parent kept its own.',
    roles: {
      *main(host, stage) {
        must(host.signals.handle('SIGPIPE', 'ignore'));
        const { read, write } = must(host.descriptors.pipe());
        stage.start('reader', [], { 0: read });
        stage.saw((yield* reaped(host)).how);
        const writer = attach(host, write, 'write');
        writer.write('nobody there, but');
        yield* pause(host);
        stage.saw(`own copy open: pending ${writer.stream.pending}, ${writer.history}`);
        must(host.descriptors.close(read));
        writer.write('x');
        yield* writer.untilClosed();
        stage.saw(`closed: ${writer.history}`);
      },
      reader(host) {
        host.process.exit(0);
      },
    },
    expect: { main: ['exit 0', 'own copy open: pending 0, nothing', 'closed: close EPIPE'] },
  }),

  contractCase(SECTION, {
    name: 'descriptor-passed-on',
    purpose: 'A child passes an inherited descriptor on to its own child; the bytes go past it.',
    roles: {
      *main(host, stage) {
        const { read, write } = must(host.descriptors.pipe());
        stage.start('middle', [], { 5: write });
        must(host.descriptors.close(write));
        const reader = attach(host, read, 'read');
        yield* reader.untilClosed();
        stage.saw(reader.history);
        stage.saw((yield* reaped(host)).how);
      },
      *middle(host, stage) {
        stage.start('last', [], { 1: 5 });
        must(host.descriptors.close(5));
        stage.saw((yield* reaped(host)).how);
      },
      *last(host) {
        const output = attach(host, 1, 'write');
        output.write('from the last');
        yield* output.until(end => end.stream.pending === 0);
      },
    },
    expect: { main: ['"from the last" end close', 'exit 0'], middle: ['exit 0'] },
  }),

  contractCase(SECTION, {
    name: 'descriptor-output-passed-on',
    purpose: 'A process can give a child its standard output and error, whether they were named or lead to the log.',
    roles: {
      *main(host, stage) {
        stage.saw(outcome(host.process.spawn(stage.program('silent'), [], { descriptors: { 1: 1, 2: 2 } })));
        stage.saw((yield* reaped(host)).how);
        const { read, write } = must(host.descriptors.pipe());
        stage.start('middle', [], { 1: write });
        must(host.descriptors.close(write));
        const reader = attach(host, read, 'read');
        yield* reader.untilClosed();
        stage.saw(reader.history);
        stage.saw((yield* reaped(host)).how);
      },
      silent: host => host.process.exit(0),
      *middle(host, stage) {
        stage.start('last', [], { 1: 1 });
        stage.saw((yield* reaped(host)).how);
        host.process.exit(0);
      },
      *last(host) {
        const output = attach(host, 1, 'write');
        output.write('from the last');
        yield* output.until(end => end.stream.pending === 0);
        host.process.exit(0);
      },
    },
    expect: { main: ['ok', 'exit 0', '"from the last" end close', 'exit 0'], middle: ['exit 0'] },
  }),

  contractCase(SECTION, {
    name: 'descriptor-attached-is-owned',
    purpose: 'A descriptor that was attached belongs to its stream: it can be neither closed, attached again nor passed on.',
    roles: {
      main(host, { saw, program }) {
        const { read } = must(host.descriptors.pipe());
        attach(host, read, 'read');
        saw(`close: ${outcome(host.descriptors.close(read))}`);
        saw(`attach: ${outcome(host.descriptors.attach(read, 'read', IGNORE))}`);
        saw(`spawn: ${outcome(host.process.spawn(program('child'), [], { descriptors: { 0: read } }))}`);
        host.process.exit(0);
      },
      child(host) {
        host.process.exit(0);
      },
    },
    expect: { main: ['close: EBADF', 'attach: EBADF', 'spawn: EBADF'] },
  }),
];

export const programs = programsOf(DESCRIPTORS);
