/**
 * THE PUBLISHED GATEWAY, trap by trap: which decisions of ours (the CORRECTED of parent.ts, child.ts and its parts) each replaces, and
 * by what. What needs more than that has its code in as-written-link.ts, as-written-clients.ts and inherited.ts.
 * Lacks: what the traps are about (quirks.ts, and README.md).
 */
import type { Host } from '../../host/host.ts';
import { micros } from '../../host/time.ts';
import { decodeEnc, isEnc } from '../cipher/enc.ts';
import type { Idea } from '../cipher/idea.ts';
import { clientKey } from '../cipher/key.ts';
import type { LoopRules } from './as-written-clients.ts';
import { LoopClients } from './as-written-clients.ts';
import type { ReadingRules } from './as-written-link.ts';
import { UnreadLink } from './as-written-link.ts';
import type { ChildRules, SidesOf } from './child.ts';
import type { ConnectionState, InputName } from './connection-actions.ts';
import type { ConnectionTable, Row, Way } from './connection-table.ts';
import { DIALOGUE_TIMEOUT, keyed, note, ponged, say, TABLE, unanswered, way } from './connection-table.ts';
import { endSiblings } from './inherited.ts';
import { bytesOf, latin1Of } from './latin1.ts';
import type { GatewayRules } from './parent.ts';
import type { Quirk, Quirks } from './quirks.ts';
import { TRAPS } from './quirks.ts';
import type { StreamCondition } from './upstream.ts';
import { shown } from './wire.ts';

type Rules = GatewayRules & ChildRules;

/** What a trap replaces. */
export interface Replaced extends Partial<Omit<Rules, 'table' | 'sides'>> {
  /** Ways of connection-table.ts. */
  readonly ways?: { readonly [State in ConnectionState]?: Row };
  /** When the link is read, and how the loop of the clients goes on: both make `sides`. */
  readonly reading?: Partial<ReadingRules>;
  readonly loop?: Partial<LoopRules>;
}

/** The input changes nothing. */
const stays = <Name extends InputName>(state: ConnectionState): readonly Way<Name>[] => way(state, () => []);

/** The request has no answer, and the connection is used on. */
const usedOn = (next: ConnectionState): Row => ({
  end: way(next, () => unanswered('end')),
  violation: way(next, () => unanswered('violation')),
  timeout: way(next, () => unanswered('timeout')),
});

/** What is replaced, by the id of the trap. */
export const AS_WRITTEN: Readonly<Record<string, Replaced>> = {
  'A-B01': { reading: { togglesMask: true } },
  'A-B03': { loop: { repeatsLoss: true } },
  'A-B04': { loop: { lossInBand: true } },
  'A-B05': { loop: { defersLoss: true }, ways: { asking: usedOn('serve') } },
  'A-B06': { reading: { keepsLines: true, keepsLate: true } },
  'A-B06b': { reading: { dropsPartial: true } },
  'A-B07': { isCloseRequest: () => false },
  'A-B08': { keyOf: (ids, { reply, cut }) => clientKey(ids, bytesOf(cut ? reply : `${reply}\n`), { keepNewline: true }) },
  'A-B09': { afterEncrypted: [''] },
  'A-B10': { inOrder: names => names },
  'A-B10b': {
    contentOf: text => ({ kind: 'command', text: text.split('\n', 1)[0] ?? '' }),
    restsUnanswered: false,
    ways: { delivering: usedOn('delayed'), delayed: { line: stays('delayed'), end: stays('delayed'), violation: stays('delayed') } },
  },
  'A-B10c': { isFor: endsLike },
  'A-B10d': { shown, recorded: command => command, timedOut: (_, sent) => shown(sent) },
  'A-B10e': { looksAgain: false },
  'A-B11': { healthyLife: undefined },
  'A-B12': {
    interrupted: ({ clients }) => {
      if (clients instanceof LoopClients) clients.hang();
    },
  },
  'A-B13': {
    // A fork inherits the table, and as a restart the handlers.
    inheritance: ({ restart, siblings }) => (restart ? ['--restarted=1', ...siblings.map(([pid, id]) => `--sibling=${pid}:${id}`)] : []),
    inherits: (host, options, journal) => {
      if (!options.restarted) return;
      for (const [signal, then] of [
        ['SIGTERM', 'exit'],
        ['SIGHUP', 'restart'],
      ] as const)
        host.signals.handle(signal, () => endSiblings(host, options, journal, options.siblings, then));
    },
  },
  'A-B14': { rearm: 'spent' },
  'A-B15': { sigpipe: 'default', writable: diesOfWrites, loop: { diesOfClients: true } },
  'A-B17': { pongLimit: undefined },
  // Nothing read is a reply, too. Nobody reads while it settles; the end is met at pong.
  'A-B18': {
    ways: {
      settle: { end: stays('settle') },
      pong: { end: way('key', ({ rest }, facts) => ponged(rest, facts)) },
      key: { end: keyed(({ rest }) => ({ action: 'key', reply: rest, cut: true })) },
    },
  },
  // The reply is empty, and is echoed.
  'A-B19': { ways: { init: { timeout: way('challenge', () => say('', DIALOGUE_TIMEOUT)) } } },
  'A-B20': {
    ways: { challenge: { timeout: way('ended', () => [note('init-timeout'), { action: 'disconnect' }, { action: 'end' }]) } },
  },
  'A-B21': { closesInBackOff: false },
  'A-B23': { decrypted: decryptedPrefix },
  'A-B24': { reading: { passesCut: true } },
  'A-B26': { removesSocket: false },
  'A-B29': { unguardedMax: micros(50_000) },
  // The stream is still there, and nobody reads it.
  'A-B30': {
    closesFailed: false,
    ways: { 'back-off': { line: stays('back-off'), end: stays('back-off'), violation: stays('back-off') } },
  },
  'A-B31': { reading: { keepsLines: true }, ways: { listen: { end: stays('listen') }, serve: { end: stays('serve') } } },
  'A-B32': { loop: { holdsAnswers: true } },
};

const OF_QUIRK: ReadonlyMap<Quirk | undefined, Replaced | undefined> = new Map(TRAPS.map(({ id, quirk }) => [quirk, AS_WRITTEN[id]]));

/** What takes the place of CORRECTED where these quirks are on; nothing without one. */
export function replacedBy(quirks: Quirks): Partial<Rules> {
  if (quirks.size === 0) return {};
  const traps = [...quirks].map(quirk => OF_QUIRK.get(quirk) ?? {});
  const { ways: _ways, reading: _reading, loop: _loop, ...members }: Replaced = Object.assign({}, ...traps);
  const reading: ReadingRules = Object.assign({}, READING, ...traps.map(each => each.reading));
  const loop: LoopRules = Object.assign({}, LOOP, ...traps.map(each => each.loop));
  return { ...members, table: traps.reduce(withWays, TABLE), sides: child => sidesOf(child, reading, loop) };
}

const READING: ReadingRules = { keepsLines: false, keepsLate: false, dropsPartial: false, passesCut: false, togglesMask: false };
const LOOP: LoopRules = { repeatsLoss: false, lossInBand: false, defersLoss: false, diesOfClients: false, holdsAnswers: false };

function withWays(table: ConnectionTable, { ways = {} }: Replaced): ConnectionTable {
  const rows = Object.entries(ways).map(([state, row]) => [state, { ...table[state as ConnectionState], ...row }] as const);
  return { ...table, ...Object.fromEntries(rows) };
}

function sidesOf(child: SidesOf, reading: ReadingRules, loop: LoopRules): ReturnType<ChildRules['sides']> {
  const { host, hooks, connection, upstream } = child;
  const lose = (): void => child.handle({ input: 'violation', detail: 'declared' });
  const clients = new LoopClients(host, hooks, { free: () => connection.free, lose }, loop);
  const link = new UnreadLink(connection, { host, clients, forgetPartial: () => upstream.forgetPartial() }, reading);
  return { clients, link };
}

/** A-B10c. */
function endsLike(name: string, peer: string): boolean {
  const end = name.slice(-peer.length - 1);
  return end.length === peer.length + 1 && [...`.${peer}`].every((character, at) => (at > 0 && character === '.') || character === end[at]);
}

/**
 * A-B15: the first write to a peer that is gone brings its reset, the next one the signal; a Host raises that later, or, when it has
 * taken the stream away, not at all.
 */
function diesOfWrites({ process }: Host): (stream: StreamCondition) => boolean {
  let dead = 0;
  return stream => {
    dead = stream === 'ended' ? dead + 1 : 0;
    if (dead <= 1 && stream !== 'gone') return true;
    process.kill(process.pid, 'SIGPIPE');
    return false;
  };
}

/** A-B23. */
function decryptedPrefix(cipher: Idea, reply: string): string | undefined {
  const line = bytesOf(reply);
  if (!isEnc(line, { asWritten: true })) return undefined;
  const decoded = decodeEnc(cipher, line, { asWritten: true });
  return decoded.ok ? latin1Of(decoded.text) : undefined;
}
