/**
 * What is demanded of a lond. No text of one was to be had: MUST is what the other end shows, the published gateway, which
 * cannot work without it. What is known by recollection alone ([R] in the README) is SHOULD at most, and MAY where nobody
 * depends on it.
 */
import type { Requirement } from '../case.ts';
import { demandOf, unseen } from '../requirement.ts';

const demand = demandOf('lonc', 'lond');

export const LOND_REQUIREMENTS: readonly Requirement[] = [
  // ── the dialogue ──────────────────────────────────────────────────────────────────────────────────────────────────
  demand('challenge', 'L2', 'MUST', 'A lond MUST answer init with one line, the challenge.'),
  demand('waits', 'L2', 'MUST', 'A lond MUST say nothing before it is spoken to.'),
  demand('admits', 'L2', 'MUST', 'A lond MUST answer ok to the challenge, sent back as it came.'),
  demand('fresh', 'L2 [R]', 'SHOULD', 'A lond SHOULD NOT admit a caller that sends back the challenge of another connection.'),
  demand('refuses-echo', 'L2 [R]', 'SHOULD', 'A lond SHOULD answer bye, refused to another echo, and close.'),
  demand('refuses-first', 'L2 [R]', 'SHOULD', 'A lond SHOULD answer bye, refused to another first line than init, and close.'),
  demand('refuses-address', 'L2 [R]', 'SHOULD', 'A lond SHOULD say bye, refused to a caller whose address is not in its table, and close.'),
  demand('reduces', 'L2 [R]', 'MAY', 'A lond MAY leave out everything but word characters where it compares init and the echo.'),
  demand('pong', 'L2', 'MUST', 'A lond MUST answer pong with one line that begins with its own host id.'),
  demand(
    'pong-colon',
    'L2',
    'SHOULD',
    'A lond SHOULD answer pong with its own id, a colon, and what the lond of the caller is called, or con_lost.',
  ),
  demand('ekey', 'L2', 'MUST', 'A lond MUST answer ekey with one line, the build key.'),
  demand('greeting-limit', 'L6 [R]', 'MAY', 'A lond MAY close a connection that says nothing for 60 s.'),
  // ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  demand('line-feed', 'L1', 'MUST', 'A lond MUST end each line with one LF, and take LF alone for the end of a line.'),
  demand('pieces', 'L1', 'MUST', 'A lond MUST take a line that arrives in pieces for one line.'),
  demand('one-line', 'L2', 'MUST', 'A lond MUST answer each request with one line, an empty and an unknown one as well.'),
  demand('order', 'L2', 'SHOULD', 'A lond SHOULD answer several requests that came together one after the other, in their order.'),
  demand('idle', 'L2', 'MUST', 'A lond MUST keep an idle connection.'),
  demand('several', 'L2', 'MUST', 'A lond MUST serve several connections at a time.'),
  demand('again', 'L3', 'MUST', 'A lond MUST admit a caller again whose connection has ended.'),
  // ── requests ──────────────────────────────────────────────────────────────────────────────────────────────────────
  demand('ping', 'L6 [R]', 'SHOULD', 'A lond SHOULD answer ping with its own host id.'),
  demand('unknown', 'L6 [R]', 'SHOULD', 'A lond SHOULD answer unknown_cmd to what it does not know; case counts.'),
  demand('exit', 'L6', 'SHOULD', 'A lond SHOULD answer bye to exit, and close.'),
  demand('second-init', 'L6 [R]', 'SHOULD', 'A lond SHOULD answer bye to a second init, and close.'),
  demand('load', 'L6 [R]', 'MAY', 'A lond MAY answer load with a number.'),
  demand('home', 'L6 [R]', 'SHOULD', 'A lond SHOULD answer found or not_found to home.'),
  demand('encrypted-only', 'L6 [R]', 'SHOULD', 'A lond SHOULD answer refused to auth, passwd and their like in clear, and only in clear.'),
  demand('put', 'L6 [R]', 'SHOULD', 'A lond SHOULD give for get what put has brought.'),
  demand('absent', 'L6 [R]', 'SHOULD', 'A lond SHOULD give an empty value for a key that is not there.'),
  demand('del', 'L6 [R]', 'SHOULD', 'A lond SHOULD NOT give what del has taken.'),
  demand('lists', 'L6 [R]', 'SHOULD', 'A lond SHOULD give keys for keys, and pairs for dump.'),
  demand('shared', 'L6 [R]', 'SHOULD', 'A lond SHOULD give on one connection what another has put.'),
  demand('roles', 'L6 [R]', 'SHOULD', 'A lond SHOULD answer refused to a put of roles.'),
  demand('log', 'L6 [R]', 'SHOULD', 'A lond SHOULD answer ok to log.'),
  // ── encryption ────────────────────────────────────────────────────────────────────────────────────────────────────
  demand(
    'key',
    'L6 [R]',
    'SHOULD',
    'A lond SHOULD understand requests encrypted with the key of both ids, its own first, and its build key.',
  ),
  demand('key-new', 'L6 [R]', 'SHOULD', 'A lond SHOULD use a new key after each ekey.'),
  demand('eget', 'L6 [R]', 'SHOULD', 'A lond SHOULD encrypt the answer to eget, and say error:no_key when it cannot.'),
  demand('enc-broken', 'L6 [R]', 'SHOULD', 'A lond SHOULD answer an encrypted request that is not well formed with one line, and go on.'),
  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────
  demand('caller-gone', 'L10', 'MUST', 'A lond MUST serve on when a caller breaks its connection.'),
  demand('terminates', 'L10', 'SHOULD', 'A lond SHOULD close its connections and end at SIGTERM.'),
  unseen(
    demand('poke', 'L10', 'MAY', 'A lond MAY poke the gateway of its machine when a host has been admitted.'),
    'the gateway is another program; the scenarios have both',
  ),
  unseen(
    demand('durable', 'L6', 'SHOULD', 'A lond SHOULD answer ok to put only when it is durable.'),
    'a case cannot cut the power; the scenarios do',
  ),
  unseen(
    demand('request-limit', 'L6 [R]', 'MAY', 'A lond MAY close a connection whose request takes longer than 120 s.'),
    'no request takes that long in a case',
  ),
];
