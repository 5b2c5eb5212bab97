/**
 * Datagrams (UDP) and interfaces.
 */
import { utf8 } from '../../src/host/bytes.ts';
import { type ContractCase, contractCase, must, programsOf } from './case.ts';
import { converse, FOREIGN_ADDRESS, LOOPBACK, parentOf, pause, reaped } from './kit.ts';
import { at, bindOutcome, bound } from './post.ts';

const SECTION = 'datagrams';
/** The longest payload over IPv4: 65535 less 20 of IP and 8 of UDP. */
const LONGEST = 65_507;

export const DATAGRAMS: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'datagram-unicast',
    purpose: "A datagram arrives with the sender's address and port, and can be answered there.",
    roles: {
      *main(host, { saw }) {
        const one = yield* bound(host, at(LOOPBACK));
        const two = yield* bound(host, at(LOOPBACK));
        saw(`ports: ${one.socket.local.port > 0}, differ: ${one.socket.local.port !== two.socket.local.port}`);
        saw(`sent: ${yield* one.send('question', two.socket.local)}`);
        yield* two.untilReceived(1);
        const from = two.messages[0]?.from ?? at('nowhere');
        saw(`${two.texts} from ${from.address}, its port: ${from.port === one.socket.local.port}`);
        yield* two.send('answer', from);
        yield* one.untilReceived(1);
        saw(one.texts);
      },
    },
    expect: { main: ['ports: true, differ: true', 'sent: ok', '"question" from 127.0.0.1, its port: true', '"answer"'] },
  }),

  contractCase(SECTION, {
    name: 'datagram-between-processes',
    purpose: 'A datagram sent by a process that has ended since still arrives.',
    roles: {
      *main(host, stage) {
        const post = yield* bound(host, at(LOOPBACK));
        stage.start('sender', [String(post.socket.local.port)]);
        stage.saw((yield* reaped(host)).how);
        yield* post.untilReceived(1);
        stage.saw(post.texts);
      },
      *sender(host) {
        const post = yield* bound(host, at(LOOPBACK));
        yield* post.send('from a child', at(LOOPBACK, Number(host.process.args[0])));
      },
    },
    expect: { main: ['exit 0', '"from a child"'] },
  }),

  contractCase(SECTION, {
    name: 'datagram-boundaries',
    purpose: 'Each send is one message, whole; one of no bytes is a message too.',
    roles: {
      *main(host, { saw }) {
        const one = yield* bound(host, at(LOOPBACK));
        const two = yield* bound(host, at(LOOPBACK));
        for (const text of ['a', '', 'ccc']) yield* one.send(text, two.socket.local);
        yield* two.untilReceived(3);
        saw(
          two.messages
            .map(({ bytes }) => bytes.length)
            .sort((left, right) => left - right)
            .join(),
        );
      },
    },
    expect: { main: ['0,1,3'] },
  }),

  contractCase(SECTION, {
    name: 'datagram-longest',
    purpose: 'A datagram of 65507 bytes arrives whole; one more byte is EMSGSIZE.',
    roles: {
      *main(host, { saw }) {
        const one = yield* bound(host, at(LOOPBACK));
        const two = yield* bound(host, at(LOOPBACK));
        saw(`longer: ${yield* one.send(new Uint8Array(LONGEST + 1), two.socket.local)}`);
        saw(`longest: ${yield* one.send(new Uint8Array(LONGEST).fill(5), two.socket.local)}`);
        yield* two.untilReceived(1);
        const bytes = two.messages[0]?.bytes ?? new Uint8Array();
        saw(`${bytes.length}, all there: ${bytes.every(byte => byte === 5)}`);
      },
    },
    expect: { main: ['longer: EMSGSIZE', 'longest: ok', '65507, all there: true'] },
  }),

  contractCase(SECTION, {
    name: 'datagram-to-nobody',
    purpose: 'Sending where nobody listens succeeds, again and again.',
    roles: {
      *main(host, { saw }) {
        const one = yield* bound(host, at(LOOPBACK));
        const two = yield* bound(host, at(LOOPBACK));
        two.socket.close();
        saw(yield* one.send('x', two.socket.local));
        yield* pause(host);
        saw(yield* one.send('x', two.socket.local));
        saw(`${one.texts}; ${two.texts}`);
      },
    },
    expect: { main: ['ok', 'ok', 'nothing; nothing'] },
  }),

  contractCase(SECTION, {
    name: 'datagram-address-in-use',
    purpose: 'A bound port cannot be bound again until its socket is closed; at another address it can.',
    roles: {
      *main(host, { saw }) {
        const { socket } = yield* bound(host, at(LOOPBACK));
        const { port } = socket.local;
        saw(`same: ${yield* bindOutcome(host, socket.local)}`);
        saw(`wildcard: ${yield* bindOutcome(host, at('0.0.0.0', port))}`);
        saw(`other address: ${yield* bindOutcome(host, at('127.0.0.2', port))}`);
        socket.close();
        saw(`closed: ${yield* bindOutcome(host, socket.local)}`);
      },
    },
    expect: { main: ['same: EADDRINUSE', 'wildcard: EADDRINUSE', 'other address: ok', 'closed: ok'] },
  }),

  contractCase(SECTION, {
    name: 'datagram-foreign-address',
    purpose: 'An address of no interface cannot be bound: EADDRNOTAVAIL.',
    roles: {
      *main(host, { saw }) {
        saw(yield* bindOutcome(host, at(FOREIGN_ADDRESS)));
      },
    },
    expect: { main: ['EADDRNOTAVAIL'] },
  }),

  contractCase(SECTION, {
    name: 'datagram-wildcard',
    purpose: 'A socket on 0.0.0.0 receives at each address of the machine and sends from the one that leads there.',
    roles: {
      *main(host, { saw }) {
        const one = yield* bound(host, at('0.0.0.0'));
        const two = yield* bound(host, at('0.0.0.0'));
        yield* one.send('x', at('127.0.0.2', two.socket.local.port));
        yield* two.untilReceived(1);
        const from = two.messages[0]?.from ?? at('nowhere');
        saw(`bound ${two.socket.local.address}, from ${from.address}, its port: ${from.port === one.socket.local.port}`);
      },
    },
    expect: { main: ['bound 0.0.0.0, from 127.0.0.1, its port: true'] },
  }),

  contractCase(SECTION, {
    name: 'datagram-by-address',
    purpose: 'Two sockets on one port at two addresses get each its own, and a sender is known by the address it is bound to.',
    roles: {
      *main(host, { saw }) {
        const one = yield* bound(host, at(LOOPBACK));
        const two = yield* bound(host, at('127.0.0.2', one.socket.local.port));
        yield* two.send('to one', one.socket.local);
        yield* one.send('to two', two.socket.local);
        yield* one.untilReceived(1);
        yield* two.untilReceived(1);
        saw(`one: ${one.texts} from ${one.messages[0]?.from.address}`);
        saw(`two: ${two.texts} from ${two.messages[0]?.from.address}`);
      },
    },
    expect: { main: ['one: "to one" from 127.0.0.2', 'two: "to two" from 127.0.0.1'] },
  }),

  contractCase(SECTION, {
    name: 'datagram-broadcast-not-asked',
    purpose: 'Sending to a broadcast address without having asked for it is EACCES.',
    roles: {
      *main(host, { saw }) {
        const one = yield* bound(host, at('0.0.0.0'));
        saw(`the loopback net: ${yield* one.send('x', at('127.255.255.255', 9))}`);
        saw(`unicast still: ${yield* one.send('x', at(LOOPBACK, one.socket.local.port))}`);
        yield* one.untilReceived(1);
        saw(one.texts);
      },
    },
    expect: { main: ['the loopback net: EACCES', 'unicast still: ok', '"x"'] },
  }),

  contractCase(SECTION, {
    name: 'datagram-broadcast',
    purpose: 'A broadcast on the loopback net reaches sockets on 0.0.0.0, not those on an address; without asking it is EACCES.',
    roles: {
      *main(host, { saw }) {
        const wild = yield* bound(host, at('0.0.0.0'));
        const { port } = wild.socket.local;
        const shy = yield* bound(host, at('0.0.0.0'));
        const caller = yield* bound(host, at(LOOPBACK), { broadcast: true });
        const tied = yield* bound(host, at(LOOPBACK));
        saw(`not asked: ${yield* shy.send('x', at('127.255.255.255', port))}`);
        saw(`asked: ${yield* caller.send('to all', at('127.255.255.255', port))}`);
        yield* wild.untilReceived(1);
        saw(`wildcard: ${wild.texts} from ${wild.messages[0]?.from.address}`);
        yield* caller.send('to all', at('127.255.255.255', tied.socket.local.port));
        yield* pause(host);
        saw(`bound to an address: ${tied.texts}`);
      },
    },
    expect: { main: ['not asked: EACCES', 'asked: ok', 'wildcard: "to all" from 127.0.0.1', 'bound to an address: nothing'] },
  }),

  contractCase(SECTION, {
    name: 'datagram-while-stopped',
    purpose: 'Datagrams for a stopped process wait in the kernel.',
    roles: {
      *main(host, stage) {
        const { pid, output } = converse(host, stage, 'receiver');
        yield* output.until(end => end.text.endsWith(' '));
        must(host.process.kill(pid, 'SIGSTOP'));
        const post = yield* bound(host, at(LOOPBACK));
        stage.saw(yield* post.send('while you slept', at(LOOPBACK, Number(output.text))));
        yield* pause(host);
        must(host.process.kill(pid, 'SIGCONT'));
        stage.saw((yield* reaped(host)).how);
      },
      *receiver(host, { saw }) {
        const { output } = parentOf(host);
        const post = yield* bound(host, at(LOOPBACK));
        output.write(`${post.socket.local.port} `);
        yield* post.untilReceived(1);
        saw(post.texts);
      },
    },
    expect: { main: ['ok', 'exit 0'], receiver: ['"while you slept"'] },
  }),

  contractCase(SECTION, {
    name: 'datagram-silent-after-close',
    purpose: 'No message is heard after our own close, and none of the calls has a callback before it returned.',
    roles: {
      *main(host, { saw }) {
        const one = yield* bound(host, at(LOOPBACK));
        const two = yield* bound(host, at(LOOPBACK));
        let inside = true;
        one.socket.send(utf8('x'), two.socket.local, () => saw(`sent, inside the call: ${inside}`));
        inside = false;
        two.socket.close();
        yield* pause(host);
        saw(two.texts);
      },
    },
    expect: { main: ['sent, inside the call: false', 'nothing'] },
  }),

  contractCase(SECTION, {
    name: 'datagram-bytes-are-copied',
    purpose: 'A daemon may reuse its array after `send`.',
    roles: {
      *main(host, { saw }) {
        const one = yield* bound(host, at(LOOPBACK));
        const two = yield* bound(host, at(LOOPBACK));
        const array = utf8('before');
        one.socket.send(array, two.socket.local);
        array.fill(0x21);
        yield* two.untilReceived(1);
        saw(two.texts);
      },
    },
    expect: { main: ['"before"'] },
  }),

  contractCase(SECTION, {
    name: 'interfaces-loopback',
    purpose: 'Every machine has a loopback interface, which cannot broadcast.',
    roles: {
      main(host, { saw }) {
        const loopback = host.network.interfaces().filter(one => one.loopback && one.address === LOOPBACK);
        saw(`${loopback.length}: ${loopback[0]?.netmask}, broadcast ${loopback[0]?.broadcast}`);
        const others = host.network.interfaces().filter(one => !one.loopback);
        saw(`all others have an address: ${others.every(one => one.address !== '' && one.name !== '')}`);
        host.process.exit(0);
      },
    },
    expect: { main: ['1: 255.0.0.0, broadcast undefined', 'all others have an address: true'] },
  }),
];

export const programs = programsOf(DATAGRAMS);
