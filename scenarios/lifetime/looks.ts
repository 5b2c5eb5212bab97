/** What to look at in each recorded run of traces/lifetime. */
export const LOOKS: Readonly<Record<string, string>> = {
  healthy: '0,0 0,1, addresses, 1,0; the control pipe is closed; 2,1 2,0, end of file, status 0',
  'stopped-while-starting': 'the control pipe closes before 1,0: the stops follow at once, status 0',
  'unknown-type-skipped': 'a frame of type `note` is skipped; a read ends in the middle of a frame',
  'killed-before-footer': 'SIGKILL before 2,0: end of file after a legal beginning, and the parent says so',
  orphaned: 'the parent is killed; the child reads end of file on the control pipe and stops',
  'reader-gone-mid-frame': 'the parent leaves with half a frame read; the child gets EPIPE, runs on, and logs `events-lost`',
  'reader-gone-senders-wait': 'as written: 0,1 waits for room in a full pipe, the reader goes, and start-up goes on',
  'torn-frame': 'end of file inside a frame: the parent reports `C2 frames are whole`',
  'lost-shutdown': 'DC-04: end of file comes before the listener does, `request-lost`, and the child runs on',
  'reader-gone-untold': 'DC-07: events vanish, status 0, and the log says nothing',
  'partial-frame-4096': 'DC-08: 4096 bytes of a frame are sent, the rest never',
  'leaked-write-end': 'DC-16: the parent closes the control pipe and no end of file follows',
  'last-frame-lost': 'DC-18: `exit` overtakes the writer',
  'whole-frame-per-chunk': 'DC-20: a frame that is cut by a read is misread',
  'coalesced-frames-lost': 'DC-21: of several frames in one read the first is seen',
};

/** Who is who in them. */
export const STAGE: string =
  'Machine m, a parent and its child: `pipe2` brings the events, `pipe3` is the pipe that the parent closes when the ' +
  'child has to stop.';
