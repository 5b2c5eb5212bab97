/**
 * What a peer may ask of a link. The source has no limits of its own; POE 1.370 has 64 MiB for a line and 512 MiB for a frame.
 */
import { type Duration, seconds } from '../../host/time.ts';

/** A line of the negotiation, in bytes without its terminator. */
export const LINE_MAX = 4_096;
/** Lines of one negotiation. */
export const LINES_MAX = 1_000;
/** A name; a longer one is refused. */
export const NAME_MAX = 255;
/** The payload of a frame, in bytes, read or written. */
export const FRAME_MAX = 16_777_216;
/** The digits of its length: some leading zeros are allowed. */
export const DIGITS_MAX = 20;
/** What is unsent, in bytes, when a link is given up: its peer does not read. */
export const UNSENT_MAX = 67_108_864;
/** And when nothing more is read of a peer before it has read that. */
export const PAUSE_AT = 262_144;
/** The negotiation as a whole, when nobody says otherwise. */
export const NEGOTIATION_TIMEOUT: Duration = seconds(30);
/** How long a link that ends waits for its peer to read something more, or to end as well. */
export const LINGER: Duration = seconds(10);
/** Nonsense of one negotiation that is logged. */
export const LOGGED_MAX = 10;
