/** The numbers of the protocol (README.md of lonc, L3 to L10 and Limits), written down once more: what is compared must not come from what is tested. */
import { type Duration, seconds } from '../../../src/host/time.ts';

export const DIALOGUE_TIMEOUT: Duration = seconds(60);
export const SETTLE_TIME: Duration = seconds(5);
export const REQUEST_TIMEOUT: Duration = seconds(300);
export const DELAYED_TIMEOUT: Duration = seconds(60);
export const DELAYED_SCAN: Duration = seconds(300);
export const BACK_OFF: readonly [least: Duration, most: Duration] = [seconds(120), seconds(359)];
export const GREETING_TIMEOUT: Duration = seconds(60);
/** The most that opening a socket may take. */
export const OPENING: Duration = seconds(1);
/** How long the answer to one request may take, if nobody says otherwise. */
export const LOND_REQUEST: Duration = seconds(120);
export const REVERSE_PING_MAX = 200;
export const LINGER: Duration = seconds(5);
export const SWEEP_PAUSE: Duration = seconds(1);
/** How long a connection of a farewell may take, and then again the reply. */
export const FAREWELL: Duration = seconds(10);
/** From the signal that tells a child to end to the one that ends it. */
export const STOP_GRACE: Duration = seconds(5);
/** Farewell, the signal, and the time it has to help. */
export const STOP_LIMIT: Duration = seconds(25 + 5);
/** Until somebody is started again where there was not what he needs. */
export const SHORTAGE_PAUSE: Duration = seconds(60);
/** Who has lost his parent ends at once: so long he may take to begin. */
export const ORPHANED: Duration = seconds(1);

export const DIALOGUE_MAX = 4_096;
export const REQUEST_MAX = 1_048_576;
export const ENCRYPTED_MAX = 2_097_216;
export const REPLY_MAX = 8_388_608;
export const UNTAKEN_MAX = 1_048_576;
export const CLIENTS_MAX = 256;
export const QUEUE_MAX = 64;
export const SESSIONS_MAX = 1_024;
export const SESSIONS_PER_HOST = 16;
export const LEAVING_MAX = 64;
/** What a kernel may hold of a stream at both of its ends: that much more has not been read. */
export const KERNEL_MAX: number = 4 * 65_536;
export const WAITING_MAX = 16;
export const PAIRS_MAX = 4_096;
export const NAMESPACE_MAX = 4_194_304;
export const CON_LOST = 'con_lost';
