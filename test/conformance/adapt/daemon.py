#!/usr/bin/env python3
"""A daemon that leaves its terminal, and says `a` on descriptor 3: daemon.py HOW WORD [PID-FILE]. HOW is a function of
this file, by WORD a process of it is known to whoever looks for what is left."""

import os
import signal
import sys
import time

how, word, pid_file = (sys.argv[1:] + [""])[:3]


def fork_away():
    """The parent ends well; the child goes on."""
    if os.fork() > 0:
        os._exit(0)


def leave_terminal(between=0.0):
    fork_away()
    os.setsid()
    if os.fork() > 0:
        time.sleep(between)
        os._exit(0)
    os.chdir("/")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)


def write_pid(text=None):
    if pid_file:
        with open(pid_file, "w") as file:
            file.write("%s\n" % (os.getpid() if text is None else text))


def on_term(status):
    signal.signal(signal.SIGTERM, lambda *_: os._exit(status))


def serve():
    try:
        os.write(3, b'{"event":"a"}\n')
    except OSError:
        pass  # a case that starts it twice has no pipe for the second
    while True:
        signal.pause()


def start(status=0, between=0.0):
    on_term(status)
    print("the first process says it", flush=True)
    leave_terminal(between)
    write_pid()


def good():
    start()
    serve()


def ends_with_5():
    start(status=5)
    serve()


def ignores_term():
    start()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    serve()


def slow_between():
    start(between=1.2)
    serve()


def worker():
    start()
    if os.fork() == 0:
        time.sleep(600)
    serve()


def second_process():
    """It comes late, and keeps nothing by which it could be found but its descent."""
    start()
    os.write(3, b'{"event":"a"}\n')
    time.sleep(0.7)
    if os.fork() == 0:
        os.setsid()
        os.closerange(3, 20)
        fork_away()
        os.execve(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)", word], {})
    while True:
        signal.pause()


def another_session():
    start()
    os.setsid()
    if os.fork() == 0:
        os.setsid()
        fork_away()
        time.sleep(600)
    serve()


def no_pid_file():
    leave_terminal()
    serve()


def foreign_pid():
    leave_terminal()
    write_pid(1)
    serve()


def no_number():
    leave_terminal()
    write_pid("1e3; rm")
    serve()


def ends_with_1():
    os._exit(1)


def unsupported():
    os._exit(89)


def dies_at_once():
    leave_terminal()
    os._exit(3)


def stays():
    serve()


def kills_parent():
    """Whoever adopted it does not live long."""
    start()
    time.sleep(0.1)
    if os.getppid() != 1:
        os.kill(os.getppid(), signal.SIGKILL)
    serve()


globals()[how]()
