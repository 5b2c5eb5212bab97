/**
 * The bounds of what is read of a capture, by name.
 * Lacks: policy; who meets one of them says what happens.
 */

/** Bytes of one record of pcap, or block of pcapng. Above it the file is damaged: no link carries so much in one packet. */
export const RECORD_LIMIT = 16_777_216;
/** Interfaces of one section of pcapng. */
export const INTERFACE_LIMIT = 4_096;
/** Problems that are kept; the rest are counted. */
export const PROBLEM_LIMIT = 100;
/** IP datagrams that wait for fragments, and the bytes of one (RFC 791: a length of 16 bits). Of too many the oldest goes. */
export const FRAGMENTED_LIMIT = 256;
export const DATAGRAM_LIMIT = 65_535;
/** Bytes of all fragments that wait, with WAITING_SEGMENT_BYTES for each. Above that the oldest datagrams go. */
export const FRAGMENTS_BYTES_LIMIT = 16_777_216;
/** TCP connections that are followed at the same time. Of too many the one that was silent longest is taken for over. */
export const CONNECTION_LIMIT = 65_536;
/** Bytes and segments of one direction that wait for one that is missing. Above that it is taken for lost. */
export const WAITING_BYTES_LIMIT = 1_048_576;
export const WAITING_LIMIT = 512;
/** Of all directions together, with so many bytes for the keeping of each segment: above that, what is missing is taken for lost where a segment would wait. */
export const WAITING_ALL_LIMIT = 33_554_432;
export const WAITING_SEGMENT_BYTES = 256;
/** Endpoints of datagrams that are known. Of too many all are forgotten, and who comes again is told as a new one. */
export const ENDPOINT_LIMIT = 65_536;
/** Of one direction and its acknowledgements, packets that may come late in the file before what was acknowledged unseen is taken for lost. */
export const LATE_PACKETS = 16;
/** Bytes that the decoders of all directions hold of messages that are not whole. Above that the direction that adds to them is decoded no further. */
export const HELD_LIMIT = 33_554_432;
/** Who listens, as far as it was told. Of too many all are forgotten, and told again. */
export const LISTENER_LIMIT = 65_536;
/** Bytes of one line of strace: a write of `-s 262144` in hexadecimal, and more of them in one call. */
export const LINE_LIMIT = 16_777_216;
/** Values inside each other in the arguments of a call. */
export const NESTING_LIMIT = 16;
/** Named pipes of a log of strace. Those beyond are not followed, which is told. */
export const FIFO_LIMIT = 4_096;
/** Processes, and calls that are under way. */
export const PROCESS_LIMIT = 65_536;
/** Bytes of a stream by which its protocol is decided at the latest, and by which it is looked at before, whether there is only one that it could be. */
export const GUESS_LIMIT = 65_536;
export const GUESS_LOOKS: readonly number[] = [512, 4_096, 16_384, GUESS_LIMIT];
/** Bytes of all streams that nothing is decided of. Above that the one that adds to them is decided by what it has. */
export const GUESS_HELD_LIMIT = 33_554_432;
