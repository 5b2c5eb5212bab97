/** How much a Fifo takes and keeps. */
import type { RoomLimits } from './room.ts';

export interface FifoLimits {
  /** Streams in all, and of one owner, so that one cannot keep out the others. */
  readonly streams: number;
  readonly streamsOfOwner: number;
  /** How far a number may be before the one that is next. */
  readonly ahead: number;
  /** Requests of a stream that wait for earlier ones. */
  readonly held: number;
  /** The last answers of a stream that are kept to be given again. */
  readonly answers: number;
  /** Bytes of all requests that run or wait, and of all answers that are kept. */
  readonly itemBytes: RoomLimits;
  readonly answerBytes: RoomLimits;
}

const MIB: number = 2 ** 20;
export const FIFO_LIMITS: FifoLimits = {
  streams: 4096,
  streamsOfOwner: 1024,
  ahead: 64,
  held: 64,
  answers: 64,
  itemBytes: { all: 32 * MIB, ofOwner: 8 * MIB },
  answerBytes: { all: 32 * MIB, ofOwner: 8 * MIB },
};

/** What is counted of a request and of an answer. */
export interface Sizes<Item, Answer> {
  readonly item: (item: Item) => number;
  readonly answer: (answer: Answer) => number;
}
