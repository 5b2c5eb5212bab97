/**
 * A program that stands between a guest and an implementation that forks, where python3 is: it becomes the subreaper of Linux, so that
 * the kernel makes it the parent of all that the implementation has started and left alone. Node cannot call prctl(2), and who is
 * no subreaper neither learns how such a process ended nor, by descent, that it is there.
 *
 *   python3 -c SCRIPT DESCRIPTOR PROGRAM [ARGUMENT…]
 *
 * It writes lines to the descriptor: `first PID` once the program runs, or `failed CODE`; then `ended PID code N` or `ended PID signal
 * NAME NUMBER` of each child of its own and of each that it was given; and ends when there are none. The program leads a session, as
 * it does without it, and inherits everything but the descriptor.
 * Lacks: any hold on what it is given: family.ts kills, and finds that as descending from it.
 * May import: nothing.
 */
import { spawnSync } from 'node:child_process';

const PYTHON = 'python3';
/** Nothing of the user's Python: only what is in the standard library. */
const ALONE = ['-I', '-S', '-c'];

/** Its program and first arguments; undefined where it cannot be had. */
export function findReaper(): { readonly program: string; readonly args: readonly string[] } | undefined {
  present ??= spawnSync(PYTHON, [...ALONE, `${SUBREAPER}become_subreaper()`], { stdio: 'ignore', timeout: PRESENT_MILLIS }).status === 0;
  return present ? { program: PYTHON, args: [...ALONE, SCRIPT] } : undefined;
}

let present: boolean | undefined;
const PRESENT_MILLIS = 10_000;

const SUBREAPER = `
import ctypes, errno, os, signal, sys

def become_subreaper():
    PR_SET_CHILD_SUBREAPER = 36
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        sys.exit(71)
`;

const SCRIPT = `${SUBREAPER}
report, command = int(sys.argv[1]), sys.argv[2:]

def tell(*words):
    os.write(report, (" ".join(str(each) for each in words) + "\\n").encode())

def become_program(fault):
    os.setsid()
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)  # Python has them ignored
    try:
        os.execvp(command[0], command)
    except OSError as error:
        os.write(fault, errno.errorcode.get(error.errno, "EIO").encode())
    os._exit(127)

def name_of(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return number

os.set_inheritable(report, False)
become_subreaper()
fault_read, fault = os.pipe()
first = os.fork()
if first == 0:
    become_program(fault)
os.close(fault)
code = os.read(fault_read, 100).decode()
tell(*(("failed", code) if code else ("first", first)))

# Who waits for the end of a pipe must not wait for this one.
nothing = os.open(os.devnull, os.O_RDWR)
for number in range(3):
    os.dup2(nothing, number)
os.closerange(3, report)
os.closerange(report + 1, 1024)
while True:
    try:
        pid, status = os.wait()
    except ChildProcessError:
        break
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        tell("ended", pid, "signal", name_of(number), number)
    else:
        tell("ended", pid, "code", os.WEXITSTATUS(status))
`;
