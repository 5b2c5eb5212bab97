/**
 * Every scenario of this package, by name. The order is that of their protocols, from the plain to the particular; a new one
 * goes to the end of its protocol.
 * May import: check, the folders beside it.
 */
import { defineScenario, type Scenario } from '../src/check/scenario.ts';
import { badDescriptor } from './lifetime/bad-descriptor.ts';
import { chaos } from './lifetime/chaos.ts';
import { coalescedFrames } from './lifetime/coalesced-frames.ts';
import { deafParent } from './lifetime/deaf-parent.ts';
import { descriptorZero } from './lifetime/descriptor-zero.ts';
import { eventIds } from './lifetime/event-ids.ts';
import { fullPipeClosed } from './lifetime/full-pipe-closed.ts';
import { healthy } from './lifetime/healthy.ts';
import { hostileChild } from './lifetime/hostile-child.ts';
import { killedInStartUp } from './lifetime/killed-in-start-up.ts';
import { lastFrameLost } from './lifetime/last-frame-lost.ts';
import { lateStopEvent } from './lifetime/late-stop-event.ts';
import { leakedWriteEnd } from './lifetime/leaked-write-end.ts';
import { listenerFails } from './lifetime/listener-fails.ts';
import { lostShutdown } from './lifetime/lost-shutdown.ts';
import { noWriter } from './lifetime/no-writer.ts';
import { parentClosesEarly } from './lifetime/parent-closes-early.ts';
import { partialFrame } from './lifetime/partial-frame.ts';
import { payloadTooLong } from './lifetime/payload-too-long.ts';
import { sizeMismatch } from './lifetime/size-mismatch.ts';
import { standardDescriptors } from './lifetime/standard-descriptors.ts';
import { startUpInterrupt } from './lifetime/start-up-interrupt.ts';
import { stopsReading } from './lifetime/stops-reading.ts';
import { typeTooLong } from './lifetime/type-too-long.ts';
import { undefinedIds } from './lifetime/undefined-ids.ts';
import { wholeFramePerChunk } from './lifetime/whole-frame-per-chunk.ts';
import { answersHeldBack } from './lonc/answers-held-back.ts';
import { attemptsNeverReset } from './lonc/attempts-never-reset.ts';
import { buildKeyNewline } from './lonc/build-key-newline.ts';
import { clearTextLogged } from './lonc/clear-text-logged.ts';
import { closeRequest } from './lonc/close-request.ts';
import { conLostInBand } from './lonc/con-lost-in-band.ts';
import { conLostRepeated } from './lonc/con-lost-repeated.ts';
import { delayed } from './lonc/delayed.ts';
import { delayedExtraNewline } from './lonc/delayed-extra-newline.ts';
import { delayedFirstLine } from './lonc/delayed-first-line.ts';
import { delayedOnce } from './lonc/delayed-once.ts';
import { delayedOrder } from './lonc/delayed-order.ts';
import { delayedPowerCut } from './lonc/delayed-power-cut.ts';
import { encPrefix } from './lonc/enc-prefix.ts';
import { endAtPongAccepted } from './lonc/end-at-pong-accepted.ts';
import { exchange } from './lonc/exchange.ts';
import { failedLinkHeld } from './lonc/failed-link-held.ts';
import { hostIdPattern } from './lonc/host-id-pattern.ts';
import { idleLinkUnread } from './lonc/idle-link-unread.ts';
import { initTimeoutIgnored } from './lonc/init-timeout-ignored.ts';
import { lateReply } from './lonc/late-reply.ts';
import { lateReplyPipelined } from './lonc/late-reply-pipelined.ts';
import { listensInBackOff } from './lonc/listens-in-back-off.ts';
import { mesh } from './lonc/mesh.ts';
import { noBackOff } from './lonc/no-back-off.ts';
import { partialReply } from './lonc/partial-reply.ts';
import { pongWithoutTimeout } from './lonc/pong-without-timeout.ts';
import { rearmDuplicatesChild } from './lonc/rearm-duplicates-child.ts';
import { reconnectDeferred } from './lonc/reconnect-deferred.ts';
import { restartInheritsHandlers } from './lonc/restart-inherits-handlers.ts';
import { signalMaskToggles } from './lonc/signal-mask-toggles.ts';
import { sigpipeKills } from './lonc/sigpipe-kills.ts';
import { socketFileLeft } from './lonc/socket-file-left.ts';
import { startUpUnguarded } from './lonc/start-up-unguarded.ts';
import { statusSignalHangs } from './lonc/status-signal-hangs.ts';
import { unterminatedReply } from './lonc/unterminated-reply.ts';
import { bootstrap } from './rwho/bootstrap.ts';
import { RARE } from './rare.ts';
import { domain } from './rwho/domain.ts';
import { hostile } from './rwho/hostile.ts';
import { neighbours } from './rwho/neighbours.ts';
import { traps as rwhoTraps } from './rwho/traps.ts';

const all: readonly Scenario[] = [
  healthy,
  chaos,
  killedInStartUp,
  hostileChild,
  // The traps, in the order of their numbers.
  eventIds,
  lateStopEvent,
  lostShutdown,
  noWriter,
  deafParent,
  fullPipeClosed,
  parentClosesEarly,
  partialFrame,
  typeTooLong,
  sizeMismatch,
  standardDescriptors,
  descriptorZero,
  badDescriptor,
  leakedWriteEnd,
  lastFrameLost,
  payloadTooLong,
  wholeFramePerChunk,
  coalescedFrames,
  stopsReading,
  startUpInterrupt,
  undefinedIds,
  listenerFails,
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
  domain,
  neighbours,
  bootstrap,
  hostile,
  ...rwhoTraps,
];

export const scenarios: readonly Scenario[] = all.map(each => {
  const rare = RARE[each.name];
  return rare === undefined ? each : defineScenario({ ...each, rare });
});

const byName: ReadonlyMap<string, Scenario> = new Map(scenarios.map(scenario => [scenario.name, scenario]));

export const scenarioNamed = (name: string): Scenario | undefined => byName.get(name);
