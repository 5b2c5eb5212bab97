"""Twins of ../storage-names.ts: odd names, and the times of directories."""
from stage import *

TOO_LONG = 'n' * 256


def furnish():
    put('f', 'f')
    for path in ['d', 'd/e', 'e']:
        os.mkdir(path)
    put('d/f', 'd/f')


def renamed(pairs):
    for pair in pairs:
        old, new = pair.replace('long', TOO_LONG).split(' ')
        saw(f'{pair}: {outcome(os.rename, old, new)}')


def refusals(name, *pairs):
    @twin(name)
    def _():
        furnish()
        renamed(pairs)
        saw(f'{names(".")} {names("d")}')


refusals('rename-dots', '. x', '.. x', 'd/. x', 'd/.. x', 'd .', 'd e/.', 'd e/..', 'missing .', '/ x', 'f /')
refusals('rename-file-with-slash', 'f/ g', 'f g/', 'f f/', 'f e/', 'f/. g', 'missing/ g')
refusals('rename-onto-what-it-is-in', 'd/f d', 'd/e d', 'd d/e', 'd d/e/x', 'd d/x/')
refusals(
    'rename-order-of-errors',
    'missing f/x',
    'missing missing/x',
    'missing long',
    'f long',
    'long x',
    'long f/x',
    'f missing/long',
    'f f/long',
    'f long/x',
)


@twin('rename-directory-with-slash')
def _():
    furnish()
    renamed(['e/ new/', 'new d/e//', 'd/ d'])
    saw(f'{names(".")} {names("d")}')


@twin('make-directory-odd')
def _():
    furnish()
    for path in ['f/', '.', '..', '/', 'd/', 'd/.', 'd/..', 'f/.', 'new/', 'new//', 'missing/.', 'missing/x/', '']:
        saw(f'{path}: {outcome(os.mkdir, path)}')


@twin('file-with-slash')
def _():
    furnish()
    for path in ['f/', 'missing/', 'e/', 'f//', 'f/.', 'e/.', '.']:
        saw(f'{path} {put(path, "x")} {outcome(append, path, "x")} {content(path)} {outcome(os.unlink, path)}')
    saw(content('f'))


@twin('name-too-long-on-the-way')
def _():
    furnish()
    for path in [f'missing/{TOO_LONG}', f'f/{TOO_LONG}', f'd/{TOO_LONG}', f'{TOO_LONG}/x', f'{TOO_LONG}/..']:
        results = [content(path), put(path, ''), outcome(os.stat, path), outcome(os.unlink, path), names(path)]
        saw(' '.join(dict.fromkeys(results)))


def modified(path):
    return os.stat(path).st_mtime_ns


def changes(path, call, *args):
    before = modified(path)
    pause()
    outcome(call, *args)
    return 'later' if modified(path) > before else 'the same'


@twin('append-nothing')
def _():
    put('f', 'x')
    saw(f'appended nothing: {changes("f", _append_nothing, "f")} {content("f")}')
    saw(f'created: {outcome(append, "new", "")} {content("new")}')
    saw(f'truncated when empty: {changes("new", write, "new", "")}')
    saw(f'appended: {changes("f", append, "f", "y")} {content("f")}')


def _append_nothing(path):
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(descriptor, b'')
    os.close(descriptor)


@twin('directory-time-new-names')
def _():
    os.mkdir('d')
    saw(f'write: {changes("d", write, "d/w", "x")}')
    saw(f'append: {changes("d", append, "d/a", "")}')
    saw(f'mkdir: {changes("d", os.mkdir, "d/e")}')
    saw(f'written again: {changes("d", write, "d/w", "longer")}')
    saw(f'below: {changes("d", write, "d/e/f", "")}')
    saw(f'refused: {changes("d", os.mkdir, "d/e")}')
    saw(f'looked at: {changes("d", lambda: (os.listdir("d"), read("d/w"), sync("d")))}')


@twin('directory-time-names-gone')
def _():
    os.mkdir('d')
    put('d/f', '')
    saw(f'unlink: {changes("d", os.unlink, "d/f")}')
    saw(f'again: {changes("d", os.unlink, "d/f")}')


@twin('directory-time-renames')
def _():
    for path in ['d', 'd/moves', 'e']:
        os.mkdir(path)
    put('d/f', '')
    put('e/g', '')
    saw(f'within: {changes("d", os.rename, "d/f", "d/g")}')
    saw(f'to itself: {changes("d", os.rename, "d/g", "d/g")}')
    saw(f'out of: {changes("d", os.rename, "d/g", "h")}')
    saw(f'into, over another: {changes("e", os.rename, "h", "e/g")}')
    there = modified('d/moves')
    os.rename('d/moves', 'e/moved')
    saw(f'what moved: {"the same" if modified("e/moved") == there else "later"}')


@twin('directory-time-socket')
def _():
    os.mkdir('d')
    before = modified('d')
    pause()
    listener = listening('d/s')
    bound = modified('d')
    pause()
    saw(f'again: {listen_outcome("d/s")}')
    refused = modified('d')
    saw(f'bound: {"later" if bound > before else "the same"}, refused: {"later" if refused > bound else "the same"}')
    listener.close()


play()
