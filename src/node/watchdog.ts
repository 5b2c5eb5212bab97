/**
 * One process beside this program that outlives it by a moment: when this program has ended, however it ended, it kills what the
 * guests in it have left. It hears of that end as the end of its standard input, which SIGKILL brings about as well.
 * Lacks: a system without sh, grep and /proc, where the kernel's process groups are all it knows; protection from a hostile
 * child, which may kill it, as it may kill this program.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Pid } from '../host/host.ts';

/** What the processes of one guest are known by: in their environment and in the names of their pipes, and in nobody else's. */
export function newMark(): string {
  guests += 1;
  return `${RUN}.${guests}.`;
}

/** From now on, who bears the mark is looked after, and so are these process groups. */
export function watch(mark: string, groups: ReadonlySet<Pid>): void {
  if (groups.size === 0) groupsOf.delete(mark);
  else groupsOf.set(mark, [...groups]);
  try {
    dog ??= start();
  } catch {
    // No room for a process: without it everything is done but what comes after a SIGKILL of this program. The next guest tries again.
  }
  // The last line that it has read is what counts.
  dog?.stdin?.write(`${[...groupsOf.values()].flat().join(' ')}\n`);
}

const RUN = randomBytes(8).toString('hex');
let guests = 0;
const groupsOf = new Map<string, readonly Pid[]>();
let dog: ChildProcess | undefined;

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

/** As Family.kill, again and again until nobody is found. What it starts itself has no mark in its environment, and no pipe. */
const SCRIPT = `
trap '' HUP INT QUIT TERM
groups=
while IFS= read -r line; do groups=$line; done
round=0 found=yes
while [ -n "$found" ] && [ $round -lt 100 ]; do
  found=
  for group in $groups; do kill -s KILL -- "-$group" && found=yes; done
  for pid in $(grep -lsF -e "$1" /proc/[0-9]*/environ | sed 's|/proc/||; s|/.*||') \\
      $(ls -ln /proc/[0-9]*/fd/* | sed -n "s|.* /proc/\\([0-9]*\\)/fd/.*$1.*|\\1|p"); do
    kill -s KILL "$pid" && found=yes
  done
  round=$((round + 1))
  [ -z "$found" ] || sleep 0.05
done
`;
