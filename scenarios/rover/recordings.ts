/** The recorded runs of traces/rover. */
import type { Recording } from '../../src/check/recording.ts';

export const recordings: readonly Recording[] = [];
