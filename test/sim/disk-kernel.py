"""Asks the kernel what becomes of paths: each call on the same few files, and what is there afterwards.

argv: an empty directory. stdin: [[call, path, ...], ...]. stdout: [[outcome, tree], ...].
"""
import errno
import json
import os
import shutil
import socket
import sys

WAITS_FOR_NOBODY = os.O_NONBLOCK


def furnish():
    for name in os.listdir('.'):
        shutil.rmtree(name) if os.path.isdir(name) else os.unlink(name)
    for path in ['d', 'd/sub', 'e']:
        os.mkdir(path)
    for path in ['f', 'd/g', 'd/sub/h']:
        put(path, os.O_TRUNC, path)
    bind('s')


def opened(path, flags, use):
    descriptor = os.open(path, flags | WAITS_FOR_NOBODY, 0o666)
    try:
        return use(descriptor)
    finally:
        os.close(descriptor)


def put(path, flag, text='X'):
    opened(path, os.O_WRONLY | os.O_CREAT | flag, lambda descriptor: os.write(descriptor, text.encode()))


def bind(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path)


CALLS = {
    'read': lambda path: opened(path, os.O_RDONLY, lambda descriptor: os.read(descriptor, 100)),
    'write': lambda path: put(path, os.O_TRUNC),
    'append': lambda path: put(path, os.O_APPEND),
    'rename': os.rename,
    'unlink': os.unlink,
    'mkdir': os.mkdir,
    'list': lambda path: opened(path, os.O_RDONLY | os.O_DIRECTORY, os.listdir),
    'stat': os.stat,
    'sync': lambda path: opened(path, os.O_RDONLY, os.fsync),
    'bind': bind,
}


def tree(directory=''):
    found = []
    for name in sorted(os.listdir(directory or '.')):
        path = directory + name
        if os.path.isdir(path):
            found += [path + '/', *tree(path + '/')]
        else:
            found.append(f'{path}={open(path).read()}' if os.path.isfile(path) else path)
    return found


def answer(call, *paths):
    try:
        CALLS[call](*paths)
    except OSError as error:
        return errno.errorcode[error.errno]
    return 'ok'


os.chdir(sys.argv[1])
furnish()
whole = tree()
answers = []
for words in json.load(sys.stdin):
    said = answer(*words)
    seen = tree()
    answers.append([said, ' '.join(seen)])
    if seen != whole:
        furnish()
json.dump(answers, sys.stdout)
