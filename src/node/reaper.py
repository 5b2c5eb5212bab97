"""Stands between a tester and an implementation that forks: reaper.ts says why.

    python3 -I -S reaper.py DESCRIPTOR PROGRAM [ARGUMENT…]

Becomes the subreaper of Linux, runs the program in a session of its own, and writes lines to the descriptor: `first PID` once the
program runs, or `failed CODE`; then `ended PID code N` or `ended PID signal NAME NUMBER` of each child of its own and of each that
the kernel gave it. Ends when there are none. With --try it only says by its status whether it could do this.
It lacks any hold on these processes, and anything from outside the standard library.
"""

import ctypes
import errno
import os
import signal
import sys

PR_SET_CHILD_SUBREAPER = 36
EX_OSERR = 71
DESCRIPTORS_MAX = 1024


def become_subreaper():
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        sys.exit(EX_OSERR)


def start(command):
    """Its pid, or the code of the error for which it cannot be run."""
    fault_read, fault = os.pipe()  # closed by a program that runs
    pid = os.fork()
    if pid == 0:
        become(command, fault)
    os.close(fault)
    code = os.read(fault_read, 100).decode()
    os.close(fault_read)
    return pid, code


def become(command, fault):
    os.setsid()
    for number in (signal.SIGPIPE, signal.SIGXFSZ):  # Python has them ignored
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        os.write(fault, errno.errorcode.get(error.errno, "EIO").encode())
    os._exit(127)


def let_go(report):
    """Who waits for the end of a pipe must not wait for this process."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)
    os.closerange(3, report)
    os.closerange(report + 1, DESCRIPTORS_MAX)


def name_of(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return "?"


def tell(report, *words):
    os.write(report, (" ".join(map(str, words)) + "\n").encode())


def main():
    become_subreaper()
    if sys.argv[1] == "--try":
        return
    report = int(sys.argv[1])
    os.set_inheritable(report, False)
    first, code = start(sys.argv[2:])
    tell(report, *(("failed", code) if code else ("first", first)))
    let_go(report)
    while True:
        try:
            pid, status = os.wait()
        except ChildProcessError:
            return
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            tell(report, "ended", pid, "signal", name_of(number), number)
        else:
            tell(report, "ended", pid, "code", os.WEXITSTATUS(status))


main()
