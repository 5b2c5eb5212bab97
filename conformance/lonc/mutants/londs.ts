/**
 * Londs that do one thing wrong.
 */
import { seconds } from '../../../src/host/time.ts';
import type { Broken } from './gateways.ts';
import type { Meddling, Rewrite } from './meddle.ts';

/** Of what a lond says: the first line is the challenge, the second ok. */
const instead =
  (word: string, text: string): Rewrite =>
  line =>
    line === word ? text : undefined;
const asked =
  (pattern: RegExp, text: string): Rewrite =>
  line =>
    pattern.test(line) ? text : undefined;

export const BROKEN_LONDS: Readonly<Record<string, Broken>> = {
  greets: { text: 'speaks first', meddling: { greeting: 'lond 1.0\n' } },
  'challenge-two-lines': {
    text: 'has a challenge of two lines',
    meddling: { says: (line, at) => (at === 0 ? `${line}\n1\n` : undefined) },
  },
  'no-challenge': { text: 'says ok to init', meddling: { says: (_line, at) => (at === 0 ? '' : undefined) } },
  'cr-lf': { text: 'ends its lines with CR LF', meddling: { says: line => `${line}\r\n` } },
  'never-ok': { text: 'says OK', meddling: { says: instead('ok', 'OK\n') } },
  'ok-twice': { text: 'says ok twice', meddling: { says: (line, at) => (at === 1 && line === 'ok' ? 'ok\nok\n' : undefined) } },
  'strict-words': {
    text: 'compares the lines of the greeting as they are',
    meddling: { hears: (line, at) => (at < 2 && /\W/.test(line) ? 'x\n' : undefined) },
  },
  'any-first': { text: 'takes any first line for init', meddling: { hears: (_line, at) => (at === 0 ? 'init\n' : undefined) } },
  'cut-echo': {
    text: 'looks at the beginning of the echo',
    meddling: { hears: (line, at) => (at === 1 ? `${line.replace(/1$/, '')}\n` : undefined) },
  },
  'empty-echo': { text: 'does not answer an empty echo', meddling: { hears: (line, at) => (at === 1 && line === '' ? '' : undefined) } },
  'no-bye': { text: 'refuses without bye', meddling: { says: instead('bye', '') } },
  'refuses-silently': { text: 'closes without a word', meddling: { says: (line, at) => (line === 'refused' && at <= 2 ? '' : undefined) } },
  'holds-on': { text: 'never closes a connection', meddling: { holds: true } },
  'any-address': {
    text: 'takes all addresses for that of cli1',
    meddling: { reads: (path, text) => (path.endsWith('hosts.tab') ? text.replace('127.0.0.3', '127.0.0.1') : text) },
  },
  'any-echo': { text: 'admits whoever echoes a challenge of its own', meddling: anyEcho() },
  patient: { text: 'waits for a greeting for ever', meddling: { delay: delay => (delay === seconds(60) ? seconds(100_000) : delay) } },
  hasty: {
    text: 'closes an idle connection after an hour',
    meddling: { first: host => void host.clock.setTimer(seconds(3_600), () => host.process.exit(0)) },
  },
  'pong-caller': {
    text: 'answers pong with the id of the caller',
    meddling: { says: line => (line.startsWith('srv1:') ? 'cli1:srv1\n' : undefined) },
  },
  'pong-bare': { text: 'answers pong with its id alone', meddling: { says: line => (line.startsWith('srv1:') ? 'srv1\n' : undefined) } },
  'pong-two-lines': {
    text: 'answers pong in two lines',
    meddling: { says: line => (line.startsWith('srv1:') ? `${line}\nok\n` : undefined) },
  },
  'no-pong': { text: 'does not answer pong', meddling: { hears: asked(/^pong$/, '') } },
  'no-ekey': { text: 'knows no ekey', meddling: { hears: asked(/^ekey$/, 'nokey\n') } },
  'empty-ekey': { text: 'has an empty build key', meddling: { hears: asked(/^ekey$/, 'get:d:u:n:x\n') } },
  'silent-ekey': { text: 'does not answer ekey', meddling: { hears: asked(/^ekey$/, '') } },
  'lying-ekey': {
    text: 'says another build key than it uses',
    meddling: {
      says: (line, at) =>
        /^[0-9A-F]{14,}$/.test(line) && at > 1 ? `${line.replace(/^./, digit => (digit === '1' ? '2' : '1'))}\n` : undefined,
    },
  },
  'first-key': { text: 'has one key for a connection', meddling: { hears: secondKey() } },
  'takes-chunks': {
    text: 'takes what arrives for whole lines',
    meddling: { takes: bytes => (bytes.endsWith('\n') ? bytes : `${bytes}\n`) },
  },
  'drops-cr': { text: 'drops CR', meddling: { takes: bytes => bytes.replaceAll('\r', '') } },
  'one-of-each': { text: 'takes one line of what arrives together', meddling: { takes: bytes => bytes.replace(/\n[\s\S]*$/, '\n') } },
  'silent-unknown': { text: 'says nothing to what it does not know', meddling: { says: instead('unknown_cmd', '') } },
  'drops-empty': { text: 'drops empty lines', meddling: { hears: (line, at) => (at > 1 && line === '' ? '' : undefined) } },
  'unknown-error': { text: 'says error to what it does not know', meddling: { says: instead('unknown_cmd', 'error:unknown\n') } },
  'two-lines': { text: 'answers in two lines', meddling: { says: (line, at) => (at > 1 ? `${line}\n\n` : undefined) } },
  'any-case': {
    text: 'takes capitals for small letters',
    meddling: { hears: line => `${line.replace(/^[A-Z]+$/, each => each.toLowerCase())}\n` },
  },
  'no-ping': { text: 'answers ping with ok', meddling: { says: instead('srv1', 'ok\n') } },
  reverses: {
    text: 'answers what came together in reverse',
    meddling: {
      takes: bytes =>
        bytes
          .split('\n')
          .slice(0, -1)
          .reverse()
          .map(each => `${each}\n`)
          .join(''),
    },
  },
  'one-caller': { text: 'serves one connection in its life', meddling: { callers: 1 } },
  'dies-with-caller': { text: 'ends when a caller leaves', meddling: { fatalEnd: true } },
  'no-exit': { text: 'knows no exit', meddling: { hears: asked(/^exit$/, 'leave\n') } },
  'init-again': {
    text: 'answers ok to a second init',
    meddling: { hears: (line, at) => (at > 1 && line === 'init' ? 'log:d:u:init\n' : undefined) },
  },
  'no-load': { text: 'knows no load', meddling: { hears: asked(/^load$/, 'nothing\n') } },
  'clear-auth': { text: 'takes auth in clear', meddling: { hears: asked(/^auth:/, 'authenticate\n') } },
  'clear-passwd': { text: 'takes passwd in clear', meddling: { hears: asked(/^passwd:/, 'password\n') } },
  'sealed-refused': { text: 'refuses auth also when it is encrypted', meddling: { says: instead('unknown_cmd', 'refused\n') } },
  'no-get': { text: 'knows no get', meddling: { hears: asked(/^get:/, 'unget\n') } },
  'no-del': { text: 'does not delete', meddling: { hears: asked(/^del:/, 'log:d:u:del\n') } },
  'no-keys': { text: 'knows no keys', meddling: { hears: asked(/^keys:/, 'lock\n') } },
  'no-dump': { text: 'knows no dump', meddling: { hears: asked(/^dump:/, 'spill\n') } },
  'no-log': { text: 'knows no log', meddling: { hears: asked(/^log:/, 'forget\n') } },
  'no-home': { text: 'finds nobody', meddling: { hears: asked(/^home:/, 'home:dom:nobody\n') } },
  'home-for-all': { text: 'finds everybody', meddling: { says: instead('not_found', 'found\n') } },
  'any-role': {
    text: 'takes roles',
    meddling: { hears: line => (line.includes(':roles:') ? `${line.replace(':roles:', ':notes:')}\n` : undefined) },
  },
  'own-store': { text: 'keeps what is put only for the connection', meddling: { hears: ownStore() } },
  'first-value': {
    text: 'gives the first value alone',
    meddling: { hears: line => (/^get:.*&/.test(line) ? `${line.replace(/&.*/, '')}\n` : undefined) },
  },
  'no-enc': { text: 'does not understand encrypted requests', meddling: { hears: asked(/^enc:/, 'encoded\n') } },
  'enc-only': { text: 'wants everything encrypted', meddling: { hears: encryptedOnly() } },
  'enc-short': {
    text: 'understands encrypted requests of a few blocks',
    meddling: { hears: line => (line.startsWith('enc:') && line.length > 400 ? 'encoded\n' : undefined) },
  },
  'clear-eget': {
    text: 'answers eget in clear',
    meddling: { hears: line => (line.startsWith('eget:') ? `${line.slice(1)}\n` : undefined) },
  },
  'enc-leaves': {
    text: 'leaves at a broken encrypted request',
    meddling: { hears: line => (line.startsWith('enc:4:123') ? 'exit\n' : undefined) },
  },
  'ignores-term': {
    text: 'ignores SIGTERM',
    meddling: { signal: signal => (signal === 'SIGTERM' || signal === 'SIGINT' ? 'ignore' : undefined), deafToEnd: true, holds: true },
  },
};

/** All connections have the challenge of the first one. */
function anyEcho(): Meddling {
  const challenges: string[] = [];
  return {
    says: (line, at) => {
      if (at === 0) challenges.push(line);
      return undefined;
    },
    hears: (line, at) => (at === 1 && challenges.includes(line) ? `${challenges.at(-1)}\n` : undefined),
  };
}

/** The second ekey of a connection is not one. */
function secondKey(): Rewrite {
  return (line, at) => (line === 'ekey' && at > 3 ? 'ping\n' : line === 'ekey' && at === 3 ? 'log:d:u:x\n' : undefined);
}

/** Each connection puts under names of its own: its first two lines are never the same. */
function ownStore(): Rewrite {
  let count = 0;
  return (line, at) => {
    if (at === 0) count += 1;
    return line.startsWith('get:') && count > 1 ? `${line.replace(':user:', ':other:')}\n` : undefined;
  };
}

function encryptedOnly(): Rewrite {
  let keyed = false;
  return line => {
    keyed ||= line === 'ekey';
    return keyed && line === 'ping' ? 'unseen\n' : undefined;
  };
}
