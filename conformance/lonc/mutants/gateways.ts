/**
 * Gateways that do one thing wrong. Each is seen from lond, from local clients, or both.
 */
import type { Host } from '../../../src/host/host.ts';
import type { Duration } from '../../../src/host/time.ts';
import { micros, millis, seconds } from '../../../src/host/time.ts';
import { HOSTS, hostLine } from '../settings.ts';
import type { Meddling } from './meddle.ts';

export interface Broken {
  readonly text: string;
  readonly meddling: Meddling;
  /** The same with the parent of the child. */
  readonly parent?: Meddling;
}

/** Whoever takes its place at SIGHUP is a program of its own. */
export const STALE_HOSTS = 'stale-hosts';
export const OLD_HOSTS: Meddling = { reads: (path, text) => (path.endsWith(HOSTS) ? hostLine('srv1') : text) };

const only =
  (word: string, instead: string) =>
  (line: string): string | undefined =>
    line === word ? instead : undefined;
const isDelay =
  (length: number, instead: number) =>
  (delay: Duration): Duration =>
    delay === seconds(length) ? seconds(instead) : delay;

/** Somebody listens on the socket of the child before the child does. */
function listenEarly(host: Host): void {
  const option = (name: string): string => host.process.args.find(each => each.startsWith(`--${name}=`))?.slice(name.length + 3) ?? '';
  const path = `${option('conf').replace(/\/[^/]*$/, '')}/sock/${option('peer')}`;
  host.clock.setTimer(millis(1), () => {
    host.network.listen({ transport: 'unix', path }, { backlog: 1 }, { opened: () => {}, accept: () => ({ data: () => {} }) });
  });
}

export const BROKEN_CHILDREN: Readonly<Record<string, Broken>> = {
  // ── towards lond ──────────────────────────────────────────────────────────────────────────────────────────────────
  'wrong-port': {
    text: 'connects to another port',
    meddling: { elsewhere: at => (at.transport === 'tcp' ? { ...at, port: at.port === 1 ? 2 : 1 } : at) },
  },
  'two-connections': { text: 'has a second connection', meddling: { twice: true } },
  'init-cr': { text: 'ends its lines with CR LF', meddling: { says: line => `${line}\r\n` } },
  'init-capital': { text: 'says INIT', meddling: { says: only('init', 'INIT\n') } },
  'init-and-pong': { text: 'says pong at once', meddling: { says: only('init', 'init\npong\n') } },
  'echo-digits': {
    text: 'echoes the digits of a challenge',
    meddling: { says: (line, at) => (at === 1 ? `${line.replace(/\D/g, '')}\n` : undefined) },
  },
  'echo-longer': { text: 'echoes something more', meddling: { says: (line, at) => (at === 1 ? `${line}0\n` : undefined) } },
  'echo-twice': { text: 'echoes twice', meddling: { says: (line, at) => (at === 1 ? `${line}\n${line}\n` : undefined) } },
  'chunk-lines': {
    text: 'takes what arrives for whole lines',
    meddling: { takes: bytes => (bytes.endsWith('\n') ? bytes : `${bytes}\n`) },
  },
  'crlf-reader': { text: 'drops CR in what lond says', meddling: { takes: bytes => bytes.replaceAll('\r', '') } },
  'ok-prefix': {
    text: 'takes all that begins with ok for ok',
    meddling: { hears: (line, at) => (at === 1 && line.startsWith('ok') ? 'ok\n' : undefined) },
  },
  'any-verdict': { text: 'takes any verdict for ok', meddling: { hears: (_line, at) => (at === 1 ? 'ok\n' : undefined) } },
  'no-settling': { text: 'does not settle', meddling: { delay: isDelay(5, 0) } },
  'long-settling': { text: 'settles too long', meddling: { delay: isDelay(5, 30) } },
  'no-pong': { text: 'never says pong', meddling: { says: only('pong', '') } },
  'pong-ekey': { text: 'says ekey without waiting', meddling: { says: only('pong', 'pong\nekey\n') } },
  'strict-pong': {
    text: 'leaves when the answer to pong has another id',
    meddling: { hears: (line, at) => (at === 2 && !line.startsWith('srv1') ? '' : undefined) },
  },
  'strict-pong-text': {
    text: 'leaves when the answer to pong is not both ids',
    meddling: { hears: (line, at) => (at === 2 && !/^(srv1|s1|a\.b|somebody):(?!con_lost)/.test(line) ? '' : undefined) },
  },
  'deaf-to-end': { text: 'does not notice the end of a connection', meddling: { deafToEnd: true } },
  'holds-on': { text: 'never closes a connection', meddling: { holds: true } },
  'no-limit-60': { text: 'waits for the dialogue for ever', meddling: { delay: isDelay(60, 100_000) } },
  'no-limit-300': { text: 'waits for a reply for ever', meddling: { delay: isDelay(300, 100_000) } },
  'short-limit': {
    text: 'waits 30 s for everything',
    meddling: { delay: delay => (delay === seconds(60) || delay === seconds(300) ? seconds(30) : delay) },
  },
  'no-back-off': {
    text: 'does not back off',
    meddling: { delay: delay => (delay >= seconds(100) && delay < seconds(300) ? micros(1_000) : delay) },
  },
  'never-reconnects': { text: 'does not connect again in the same life', meddling: { connections: 1 } },
  'never-restarts': { text: 'does not start a child again', meddling: {}, parent: { children: 1 } },
  'rests-an-hour': {
    text: 'backs off for an hour',
    meddling: { delay: delay => (delay >= seconds(100) && delay < seconds(300) ? seconds(3_600) : delay) },
  },
  'trims-requests': { text: 'trims requests', meddling: { asked: line => `${line.trim()}\n` } },
  'seven-bits': {
    text: 'drops the eighth bit',
    meddling: { askedBytes: bytes => bytes.replace(/[\x80-\xff]/g, each => String.fromCharCode(each.charCodeAt(0) & 0x7f)) },
  },
  'drops-empty': { text: 'drops empty requests', meddling: { asked: line => (line === '' ? '' : undefined) } },
  pipelines: { text: 'sends a request twice', meddling: { says: (line, at) => (at > 3 ? `${line}\n${line}\n` : undefined) } },
  eager: { text: 'sends the next request without waiting', meddling: { says: (line, at) => (at === 4 ? `${line}\nsecond\n` : undefined) } },
  'idles-out': {
    text: 'leaves after an hour',
    meddling: { first: host => void host.clock.setTimer(seconds(3_600), () => host.process.exit(0)) },
  },
  'enc-short': {
    text: 'leaves out the last block',
    meddling: { says: line => (line.startsWith('enc:') ? `${line.slice(0, -16)}\n` : undefined) },
  },
  'enc-no-spare': {
    text: 'has no block of spaces after whole ones',
    meddling: { says: line => (/^enc:(?:8|16):/.test(line) ? `${line.slice(0, -16)}\n` : undefined) },
  },
  'enc-empty': {
    text: 'sends nothing for an empty text',
    meddling: { says: line => (line.startsWith('enc:0:') ? 'enc:0:\n' : undefined) },
  },
  'enc-counts-blocks': {
    text: 'says the length of its blocks',
    meddling: { says: line => (/^enc:[57]:/.test(line) ? `enc:8${line.slice(5)}\n` : undefined) },
  },
  'enc-capital': {
    text: 'writes blocks in capitals',
    meddling: { says: line => (line.startsWith('enc:') ? `enc:${line.slice(4).toUpperCase()}\n` : undefined) },
  },
  'enc-zeros': {
    text: 'does not encrypt',
    meddling: { says: line => (line.startsWith('enc:') ? `${line.replace(/[a-f]/g, '0').replace('0n0', 'enc')}\n` : undefined) },
  },
  'enc-word': {
    text: 'encrypts what only looks like it',
    meddling: { asked: line => (line.startsWith('encrypted:') ? `encrypt:${line.slice(10)}\n` : undefined) },
  },
  'first-key': {
    text: 'uses its first build key for ever',
    meddling: { hears: (line, at) => (at === 3 && !line.startsWith('1234') ? '12345ABCDEF7890ABCDEF01234\n' : undefined) },
  },
  'no-delayed': { text: 'knows no delayed messages', meddling: { lists: () => [] } },
  'keeps-delayed': { text: 'does not remove what it has sent', meddling: { keeps: /delayed/ } },
  'drops-delayed': { text: 'removes a delayed message when it begins', meddling: { drops: /delayed/ } },
  'no-permanent-log': { text: 'has no permanent log', meddling: { readOnly: /perm\.log/ } },
  'ignores-term': {
    text: 'ignores SIGTERM',
    meddling: { signal: signal => (signal === 'SIGTERM' || signal === 'SIGINT' ? 'ignore' : undefined) },
  },
  'deaf-parent': {
    text: 'ignores SIGTERM and SIGINT in the parent',
    meddling: {},
    parent: { signal: signal => (signal === 'SIGTERM' || signal === 'SIGINT' ? 'ignore' : undefined) },
  },
  'ignores-usr1': {
    text: 'ignores SIGUSR1 in the parent',
    meddling: {},
    parent: { signal: signal => (signal === 'SIGUSR1' ? 'ignore' : undefined) },
  },
  'ignores-hup': {
    text: 'ignores SIGHUP',
    meddling: {},
    parent: { signal: signal => (signal === 'SIGHUP' ? 'ignore' : undefined) },
  },
  'dies-of-hup': { text: 'ends at SIGHUP', meddling: {}, parent: { signal: signal => (signal === 'SIGHUP' ? 'default' : undefined) } },
  [STALE_HOSTS]: { text: 'has the old hosts after SIGHUP', meddling: {} },
  'no-exit': { text: 'does not pass on exit', meddling: { asked: only('exit', 'load\n') } },
  // ── towards local clients ─────────────────────────────────────────────────────────────────────────────────────────
  'other-path': {
    text: 'listens under another name',
    meddling: { elsewhere: at => (at.transport === 'unix' ? { ...at, path: `${at.path}.sock` } : at) },
  },
  greets: { text: 'greets its clients', meddling: { greeting: 'hello\n' } },
  'keeps-stale': { text: 'does not replace a socket file', meddling: { keeps: /sock\/[^/]*$/ } },
  'trims-replies': { text: 'trims replies', meddling: { answers: line => `${line.trim()}\n` } },
  'reply-cr': { text: 'ends replies with CR LF', meddling: { answers: line => `${line}\r\n` } },
  'drops-empty-reply': { text: 'drops empty replies', meddling: { answers: line => (line === '' ? '' : undefined) } },
  'zero-is-false': { text: 'takes 0 for no reply', meddling: { answers: line => (line === '0' ? 'con_lost\n' : undefined) } },
  'chunk-requests': {
    text: 'takes what arrives for whole requests',
    meddling: { askedBytes: bytes => (bytes.endsWith('\n') ? bytes : `${bytes}\n`) },
  },
  'one-request': { text: 'takes one request of each write', meddling: { askedBytes: bytes => bytes.replace(/\n[\s\S]*$/, '\n') } },
  'some-requests': {
    text: 'takes 64 requests of each write',
    meddling: { askedBytes: bytes => (bytes.endsWith('\n') ? bytes.replace(/^((?:.*\n){64})[\s\S]*$/, '$1') : bytes) },
  },
  'small-requests': {
    text: 'cuts requests',
    meddling: { says: line => (line.length > 100_000 ? `${line.slice(0, 100_000)}\n` : undefined) },
  },
  'small-replies': {
    text: 'cuts replies',
    meddling: { answers: line => (line.length > 100_000 ? `${line.slice(0, 100_000)}\n` : undefined) },
  },
  'one-client': { text: 'serves one client', meddling: { clients: 1 } },
  'two-replies': { text: 'gives each reply twice', meddling: { answers: line => `${line}\n${line}\n` } },
  'one-answer': { text: 'closes a client after a reply', meddling: { oneAnswer: true } },
  'deaf-to-clients': { text: 'does not notice that a client has left', meddling: { deafToClients: true } },
  'cut-is-line': {
    text: 'takes what has come of a reply for a reply when it is reset',
    meddling: { hears: () => undefined, cutIsLine: true },
  },
  'silent-loss': { text: 'says nothing when lond is lost', meddling: { answers: only('con_lost', '') } },
  'other-words': { text: 'says CON_LOST', meddling: { answers: only('con_lost', 'CON_LOST\n') } },
  'never-decrypts': { text: 'does not decrypt', meddling: { hears: line => (line.startsWith('enc:') ? `${line}:\n` : undefined) } },
  'decrypts-asked': {
    text: 'takes the reply to an encrypted request for encrypted',
    meddling: { hears: (line, at) => (at > 3 && line === 'ok' ? 'enc:0:571db23f385f2179\n' : undefined) },
  },
  'early-socket': { text: 'listens from the start', meddling: { first: listenEarly } },
  'dies-with-client': { text: 'ends when a client leaves', meddling: { fatalClient: true } },
  'dies-of-usr1': { text: 'ends at SIGUSR1', meddling: { signal: signal => (signal === 'SIGUSR1' ? 'default' : undefined) } },
};
