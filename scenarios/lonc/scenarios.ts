/**
 * Every scenario of lonc, from the plain to the particular; a new one goes to its end.
 * May import: check, its own folder.
 */
import { type Scenario, withRare } from '../../src/check/scenario.ts';
import { answersHeldBack } from './answers-held-back.ts';
import { attemptsNeverReset } from './attempts-never-reset.ts';
import { buildKeyNewline } from './build-key-newline.ts';
import { clearTextLogged } from './clear-text-logged.ts';
import { closeRequest } from './close-request.ts';
import { conLostInBand } from './con-lost-in-band.ts';
import { conLostRepeated } from './con-lost-repeated.ts';
import { delayed } from './delayed.ts';
import { delayedExtraNewline } from './delayed-extra-newline.ts';
import { delayedFirstLine } from './delayed-first-line.ts';
import { delayedOnce } from './delayed-once.ts';
import { delayedOrder } from './delayed-order.ts';
import { delayedPowerCut } from './delayed-power-cut.ts';
import { encPrefix } from './enc-prefix.ts';
import { endAtPongAccepted } from './end-at-pong-accepted.ts';
import { exchange } from './exchange.ts';
import { failedLinkHeld } from './failed-link-held.ts';
import { hostIdPattern } from './host-id-pattern.ts';
import { idleLinkUnread } from './idle-link-unread.ts';
import { initTimeoutIgnored } from './init-timeout-ignored.ts';
import { lateReply } from './late-reply.ts';
import { lateReplyPipelined } from './late-reply-pipelined.ts';
import { listensInBackOff } from './listens-in-back-off.ts';
import { mesh } from './mesh.ts';
import { noBackOff } from './no-back-off.ts';
import { partialReply } from './partial-reply.ts';
import { pongWithoutTimeout } from './pong-without-timeout.ts';
import { RARE } from './rare.ts';
import { rearmDuplicatesChild } from './rearm-duplicates-child.ts';
import { reconnectDeferred } from './reconnect-deferred.ts';
import { restartInheritsHandlers } from './restart-inherits-handlers.ts';
import { signalMaskToggles } from './signal-mask-toggles.ts';
import { sigpipeKills } from './sigpipe-kills.ts';
import { socketFileLeft } from './socket-file-left.ts';
import { startUpUnguarded } from './start-up-unguarded.ts';
import { statusSignalHangs } from './status-signal-hangs.ts';
import { unterminatedReply } from './unterminated-reply.ts';

export const scenarios: readonly Scenario[] = withRare(RARE, [
  mesh,
  delayed,
  delayedPowerCut,
  exchange,
  // The traps, in the order of their numbers.
  lateReply,
  lateReplyPipelined,
  partialReply,
  conLostRepeated,
  conLostInBand,
  reconnectDeferred,
  closeRequest,
  buildKeyNewline,
  delayedExtraNewline,
  delayedOrder,
  delayedFirstLine,
  hostIdPattern,
  clearTextLogged,
  delayedOnce,
  attemptsNeverReset,
  statusSignalHangs,
  restartInheritsHandlers,
  rearmDuplicatesChild,
  sigpipeKills,
  pongWithoutTimeout,
  endAtPongAccepted,
  initTimeoutIgnored,
  noBackOff,
  listensInBackOff,
  encPrefix,
  unterminatedReply,
  socketFileLeft,
  startUpUnguarded,
  failedLinkHeld,
  idleLinkUnread,
  answersHeldBack,
  signalMaskToggles,
]);
