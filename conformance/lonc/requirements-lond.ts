/**
 * What is required of a lond. No text of one was to be had: MUST is what the other end shows, the published gateway, which
 * cannot work without it. What is known by recollection alone ([R] in the README) is SHOULD at most, and MAY where nobody
 * depends on it.
 */
import type { Requirement } from '../case.ts';
import { requirementOf, unseen } from '../requirement.ts';

const lond = requirementOf('lonc', 'lond');

export const LOND_REQUIREMENTS: readonly Requirement[] = [
  // ── the dialogue ──────────────────────────────────────────────────────────────────────────────────────────────────
  lond('challenge', 'L2', 'MUST', 'A lond MUST answer init with one line, the challenge.'),
  lond('waits', 'L2', 'MUST', 'A lond MUST say nothing before it is spoken to.'),
  lond('admits', 'L2', 'MUST', 'A lond MUST answer ok to the challenge, sent back as it came.'),
  lond('fresh', 'L2 [R]', 'SHOULD', 'A lond SHOULD NOT admit a caller that sends back the challenge of another connection.'),
  lond('refuses-echo', 'L2 [R]', 'SHOULD', 'A lond SHOULD answer bye, refused to another echo, and close.'),
  lond('refuses-first', 'L2 [R]', 'SHOULD', 'A lond SHOULD answer bye, refused to another first line than init, and close.'),
  lond('refuses-address', 'L2 [R]', 'SHOULD', 'A lond SHOULD say bye, refused to a caller whose address is not in its table, and close.'),
  lond('reduces', 'L2 [R]', 'MAY', 'A lond MAY leave out everything but word characters where it compares init and the echo.'),
  lond('pong', 'L2', 'MUST', 'A lond MUST answer pong with one line that begins with its own host id.'),
  lond(
    'pong-colon',
    'L2',
    'SHOULD',
    'A lond SHOULD answer pong with its own id, a colon, and what the lond of the caller is called, or con_lost.',
  ),
  lond('ekey', 'L2', 'MUST', 'A lond MUST answer ekey with one line, the build key.'),
  lond('greeting-limit', 'L6 [R]', 'MAY', 'A lond MAY close a connection that says nothing for 60 s.'),
  // ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  lond('line-feed', 'L1', 'MUST', 'A lond MUST end each line with one LF, and take LF alone for the end of a line.'),
  lond('pieces', 'L1', 'MUST', 'A lond MUST take a line that arrives in pieces for one line.'),
  lond('one-line', 'L2', 'MUST', 'A lond MUST answer each request with one line, an empty and an unknown one as well.'),
  lond('order', 'L2', 'SHOULD', 'A lond SHOULD answer several requests that came together one after the other, in their order.'),
  lond('idle', 'L2', 'MUST', 'A lond MUST keep an idle connection.'),
  lond('several', 'L2', 'MUST', 'A lond MUST serve several connections at a time.'),
  lond('again', 'L3', 'MUST', 'A lond MUST admit a caller again whose connection has ended.'),
  // ── requests ──────────────────────────────────────────────────────────────────────────────────────────────────────
  lond('ping', 'L6 [R]', 'SHOULD', 'A lond SHOULD answer ping with its own host id.'),
  lond('unknown', 'L6 [R]', 'SHOULD', 'A lond SHOULD answer unknown_cmd to what it does not know; case counts.'),
  lond('exit', 'L6', 'SHOULD', 'A lond SHOULD answer bye to exit, and close.'),
  lond('second-init', 'L6 [R]', 'SHOULD', 'A lond SHOULD answer bye to a second init, and close.'),
  lond('load', 'L6 [R]', 'MAY', 'A lond MAY answer load with a number.'),
  lond('home', 'L6 [R]', 'SHOULD', 'A lond SHOULD answer found or not_found to home.'),
  lond('encrypted-only', 'L6 [R]', 'SHOULD', 'A lond SHOULD answer refused to auth, passwd and their like in clear, and only in clear.'),
  lond('put', 'L6 [R]', 'SHOULD', 'A lond SHOULD give for get what put has brought.'),
  lond('absent', 'L6 [R]', 'SHOULD', 'A lond SHOULD give an empty value for a key that is not there.'),
  lond('del', 'L6 [R]', 'SHOULD', 'A lond SHOULD NOT give what del has taken.'),
  lond('lists', 'L6 [R]', 'SHOULD', 'A lond SHOULD give keys for keys, and pairs for dump.'),
  lond('shared', 'L6 [R]', 'SHOULD', 'A lond SHOULD give on one connection what another has put.'),
  lond('roles', 'L6 [R]', 'SHOULD', 'A lond SHOULD answer refused to a put of roles.'),
  lond('log', 'L6 [R]', 'SHOULD', 'A lond SHOULD answer ok to log.'),
  // ── encryption ────────────────────────────────────────────────────────────────────────────────────────────────────
  lond(
    'key',
    'L6 [R]',
    'SHOULD',
    'A lond SHOULD understand requests encrypted with the key of both ids, its own first, and its build key.',
  ),
  lond('key-new', 'L6 [R]', 'SHOULD', 'A lond SHOULD use a new key after each ekey.'),
  lond('eget', 'L6 [R]', 'SHOULD', 'A lond SHOULD encrypt the answer to eget, and say error:no_key when it cannot.'),
  lond('enc-broken', 'L6 [R]', 'SHOULD', 'A lond SHOULD answer an encrypted request that is not well formed with one line, and go on.'),
  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────
  lond('caller-gone', 'L10', 'MUST', 'A lond MUST serve on when a caller breaks its connection.'),
  lond('terminates', 'L10', 'SHOULD', 'A lond SHOULD close its connections and end at SIGTERM.'),
  unseen(
    lond('poke', 'L10', 'MAY', 'A lond MAY poke the gateway of its machine when a host has been admitted.'),
    'the gateway is another program; the scenarios have both',
  ),
  unseen(
    lond('durable', 'L6', 'SHOULD', 'A lond SHOULD answer ok to put only when it is durable.'),
    'a case cannot cut the power; the scenarios do',
  ),
  unseen(
    lond('request-limit', 'L6 [R]', 'MAY', 'A lond MAY close a connection whose request takes longer than 120 s.'),
    'no request takes that long in a case',
  ),
];
