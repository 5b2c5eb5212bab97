/**
 * Broken children: each is right but for one thing. What they have to fail is in mutants.ts.
 */
import type { Daemon } from '../../../src/host/host.ts';
import { seconds } from '../../../src/host/time.ts';
import type { ChildPlan } from './clumsy-child.ts';
import { COMPLETE, clumsyChild, P2P, RPC, START_DATABASE, START_SERVER, STOP_DATABASE, STOP_SERVER, STOPPED } from './clumsy-child.ts';

export interface BrokenChild {
  readonly text: string;
  readonly daemon: Daemon;
}

const broken = (text: string, plan: ChildPlan): BrokenChild => ({ text, daemon: clumsyChild(plan) });

/** Holds what it inherits, as a helper process that a daemon left running would. */
const heir: Daemon = host => void host.clock.setTimer(seconds(30), () => host.process.exit(0));

const flood: Daemon = host => {
  const attached = host.descriptors.attach(1, 'write', { data: () => {}, drain: () => pour() });
  // More than a pipe holds, so that there is always something to drain.
  const line = new Uint8Array(131_072).fill(0x79);
  const pour = (): void => {
    if (attached.ok) attached.value.write(line);
  };
  host.signals.handle('SIGTERM', 'ignore');
  pour();
};

/** Not broken: types of 0 and 255 bytes are legal, and a reader skips what it does not know. */
export const ODD_CHILD: Daemon = clumsyChild({
  start: [['', '00'], START_DATABASE, ['t'.repeat(255), ''], START_SERVER, P2P, RPC, COMPLETE],
  stop: [['aliens', '0201'], ...STOPPED],
});
/** Not broken at all. */
export const PLAIN_CHILD: Daemon = clumsyChild({});

export const HEIR = 'lifetime-child-heir';
export const HELPERS: Readonly<Record<string, Daemon>> = { [HEIR]: heir };

export const BROKEN_CHILDREN: Readonly<Record<string, BrokenChild>> = {
  // order
  'server-first': broken('announces the P2P server before the database', { start: [START_SERVER, START_DATABASE, P2P, RPC, COMPLETE] }),
  'no-server-start': broken('does not announce the start of the P2P server', { start: [START_DATABASE, P2P, RPC, COMPLETE] }),
  'complete-twice': broken('sends 1,0 again when it stops', { stop: [COMPLETE, ...STOPPED] }),
  'complete-with-id': broken('sends 1,1 for 1,0', { start: [START_DATABASE, START_SERVER, P2P, RPC, ['lifetimeevent', '0101']] }),
  'late-address': broken('sends an address when it stops', { stop: [RPC, STOP_SERVER, STOP_DATABASE] }),
  'early-address': broken('sends its addresses before it announces the P2P server', {
    start: [START_DATABASE, P2P, RPC, START_SERVER, COMPLETE],
  }),
  'rpc-first': broken('announces its RPC listener first', { start: [START_DATABASE, START_SERVER, RPC, P2P, COMPLETE] }),
  'database-stops-first': broken('announces the stop of the database before that of the P2P server', {
    stop: [STOP_DATABASE, STOP_SERVER],
  }),
  'no-stops': broken('announces no stop', { stop: [] }),
  'frame-after-stop': broken('sends one more frame after 2,0', { stop: [...STOPPED, STOP_SERVER] }),
  'comment-ids': broken('counts a ticket database, as the comment of the source does', {
    start: [START_DATABASE, START_SERVER, ['lifetimeevent', '0002'], P2P, RPC, COMPLETE],
    stop: [['lifetimeevent', '0202'], STOP_SERVER, STOP_DATABASE],
  }),
  // frames
  'version-2': broken('sends frames of version 2', { version: 2 }),
  'network-order': broken('sends the length of a payload in network byte order', { lengths: 'network' }),
  'short-lengths': broken('sends the length of a payload in two bytes', { lengths: 'short' }),
  'stale-header': broken('does not empty the buffer of its headers', { stale: true }),
  unflushed: broken('never flushes what it has written', { unflushed: true }),
  'garbage-first': broken('sends a line of text before its first frame', { prologue: '68656c6c6f0a' }),
  'garbage-last': broken('sends ff ff after its last frame', { epilogue: 'ffff' }),
  'ends-in-type-length': broken('ends before the length of a type', { epilogue: '01' }),
  'ends-in-type': broken('ends inside a type', { epilogue: '010d6c69' }),
  'ends-in-payload-length': broken('ends inside the length of a payload', { epilogue: '010d6c69666574696d656576656e740200' }),
  'ends-in-payload': broken('ends inside a payload', { epilogue: '010d6c69666574696d656576656e740200000002' }),
  'type-not-utf8': broken('sends a frame whose type is not UTF-8', { epilogue: '0102c32800000000' }),
  'undefined-kind': broken('sends an event of kind 3', { stop: [['lifetimeevent', '0300'], ...STOPPED] }),
  'long-event': broken('sends events of three bytes', { stop: [['lifetimeevent', '020100'], STOP_DATABASE] }),
  'huge-payload': broken('declares a payload of 4 GiB and sends none', { epilogue: '010d7032706c697374656e61646472ffffffff' }),
  // addresses
  'address-without-port': broken('sends addresses without a port', { addressForm: () => '127.0.0.1' }),
  'address-port-zero': broken('sends the port it asked for, not the one it got', { addressForm: () => '127.0.0.1:0' }),
  deaf: broken('listens no more when it announces its addresses', { deaf: true }),
  // stopping
  'ignores-control': broken('does not care for the end of its control pipe', { onControlEnd: 'ignore' }),
  'loses-control-end': broken('does not care for the end of a control pipe that has brought bytes', { onControlEnd: 'ignore-after-data' }),
  'obeys-control-data': broken('stops at the first byte on its control pipe', { onControlData: 'stop' }),
  'reads-control-frames': broken('answers bytes on its control pipe', { onControlData: 'announce' }),
  'ignores-sigterm': broken('ignores SIGTERM', { onSigterm: 'ignore' }),
  'ignores-sigint': broken('ignores SIGINT', { onSigint: 'ignore' }),
  'dies-of-sigterm': broken('exits at once on SIGTERM', { onSigterm: 'exit' }),
  'dies-of-sigint': broken('exits at once on SIGINT', { onSigint: 'exit' }),
  'second-request-fails': broken('exits with 1 when told to stop twice', { onSecondRequest: 'exit' }),
  'second-request-announced': broken('announces a stop for every request', { onSecondRequest: 'announce' }),
  'forgets-early-request': broken('forgets a request that comes while it starts', { early: 'forget', pace: 20 }),
  'crashes-on-early-request': broken('ends with status 3 when told to stop while it starts', { early: 'crash', pace: 20 }),
  'announces-server-stop': broken('announces the stop of a P2P server that had not started', { early: 'announce-server-stop', pace: 20 }),
  'exit-one': broken('exits with 1 after a clean stop', { status: 1 }),
  'never-exits': broken('announces its stops and stays', { stays: true }),
  // pipes
  'dies-of-sigpipe': broken('dies when its parent closes the event pipe', { onBrokenPipe: 'die' }),
  'leaves-heir': broken('leaves a process behind that holds the event pipe', { heir: HEIR }),
  'drops-when-slow': broken('drops frames that the pipe has no room for', { drops: true }),
  'blocks-when-full': broken('waits until its parent has read', { blocks: true }),
  // options
  'always-lifetime': broken('sends lifetime events unasked', { ignores: ['lifetimeevents'] }),
  'always-addresses': broken('sends addresses unasked', { ignores: ['boundaddrevents'] }),
  'always-pipetx': broken('writes to descriptor 3 unasked', { ignores: ['pipetx'] }),
  'always-piperx': broken('reads descriptor 4 unasked', { ignores: ['piperx'] }),
  // hostile
  'exits-at-once': { text: 'exits with 1 at once', daemon: host => host.process.exit(1) },
  'floods-stdout': { text: 'floods its standard output and ignores SIGTERM', daemon: flood },
  'all-garbage': broken('sends 600 bytes of ff', { prologue: 'ff'.repeat(600) }),
};
