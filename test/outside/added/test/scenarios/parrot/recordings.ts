/** The recorded runs of traces/parrot: none. */
import type { Recording } from '../recordings.ts';

export const recordings: readonly Recording[] = [];
