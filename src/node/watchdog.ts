/**
 * One process beside this program that outlives it by a moment: when this program has ended, however it ended, it kills what the
 * guests in it have left. It hears of that end as the end of its standard input, which SIGKILL brings about as well.
 * Lacks: a system without sh, grep and /proc, where the kernel's process groups are all it knows; protection from a hostile
 * child, which may kill it, as it may kill this program.
 * May import: host.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Pid } from '../host/host.ts';

export interface Watched {
  /** What to put into the environment of children: unlike that of any other guest anywhere. */
  readonly mark: string;
  /** The process groups there are now. */
  readonly groups: (groups: ReadonlySet<Pid>) => void;
}

/** Another guest to look after, from now on. */
export function watch(): Watched {
  dog ??= start();
  guests += 1;
  const guest = guests;
  return {
    mark: `${RUN}.${guest};`,
    groups(groups) {
      if (groups.size === 0) groupsOf.delete(guest);
      else groupsOf.set(guest, [...groups]);
      tell();
    },
  };
}

const RUN = randomBytes(8).toString('hex');
let guests = 0;
const groupsOf = new Map<number, readonly Pid[]>();
let dog: ChildProcess | undefined;

/** The last line that the watchdog has read is what counts. */
function tell(): void {
  dog ??= start();
  dog.stdin?.write(`${[...groupsOf.values()].flat().join(' ')}\n`);
}

function start(): ChildProcess {
  // A session of its own: a Ctrl-C is not for it. No pipe but the first: whoever reads our output must not wait for it.
  const child = spawn('sh', ['-c', SCRIPT, 'slipway-watchdog', `${RUN}.`], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  const gone = (): void => {
    if (dog === child) dog = undefined;
  };
  child.on('error', gone).on('exit', gone);
  child.stdin?.on('error', gone);
  child.unref();
  // The type of a child's stdin does not say that it is a socket, which it is.
  if (child.stdin !== null && 'unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return child;
}

/** As Family.kill, again and again until nobody is found. The environments are those of children only: its own has no mark. */
const SCRIPT = `
trap '' HUP INT QUIT TERM
groups=
while IFS= read -r line; do groups=$line; done
round=0 found=yes
while [ -n "$found" ] && [ $round -lt 100 ]; do
  found=
  for group in $groups; do kill -s KILL -- "-$group" && found=yes; done
  for file in $(grep -lsF -e "$1" /proc/[0-9]*/environ); do
    pid=\${file#/proc/}
    kill -s KILL "\${pid%/environ}" && found=yes
  done
  round=$((round + 1))
  [ -z "$found" ] || sleep 0.05
done
`;
