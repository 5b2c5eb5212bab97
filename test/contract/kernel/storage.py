"""Twins of ../storage.ts: files and directories."""
from stage import *


@twin('file-write-read')
def _():
    saw(f'missing: {content("f")}')
    for text in ['a longer text', 'short', '']:
        saw(f'{put("f", text)} {content("f")}')


@twin('file-of-a-socket')
def _():
    listening('s')
    saw(f'{content("s")} {put("s", "x")} {outcome(append, "s", "x")} {outcome(sync, "s")}')


@twin('file-large')
def _():
    write('f', pattern(3_000_000))
    back = read('f')
    saw(f'{len(back)}, intact {flag(back == pattern(3_000_000))}')


@twin('file-append')
class _:
    def main():
        append('f', 'one ')
        append('f', 'two ')
        start('other')
        reaped()
        append('f', 'four')
        saw(content('f'))

    def other():
        append('f', 'three ')


@twin('file-rename')
def _():
    put('a', 'from a')
    put('b', 'from b')
    saw(f'over: {outcome(os.rename, "a", "b")} {content("b")}, a: {content("a")}')
    saw(f'to a new name: {outcome(os.rename, "b", "c")} {content("c")}')
    saw(f'to itself: {outcome(os.rename, "c", "c")} {content("c")}')


@twin('file-rename-errors')
def _():
    put('f', '')
    os.mkdir('d')
    for what, old, new in [
        ('missing', 'missing', 'x'),
        ('into a missing directory', 'f', 'missing/f'),
        ('file over directory', 'f', 'd'),
        ('directory over file', 'd', 'f'),
        ('directory into itself', 'd', 'd/e'),
    ]:
        saw(f'{what}: {outcome(os.rename, old, new)}')


@twin('directory-rename')
def _():
    for name in ['one', 'empty', 'full']:
        os.mkdir(name)
    put('one/f', 'inside')
    put('full/g', '')
    saw(f'over full: {outcome(os.rename, "one", "full")}')
    saw(f'over empty: {outcome(os.rename, "one", "empty")} {content("empty/f")}, one: {names("one")}')


@twin('file-unlink')
def _():
    put('f', 'x')
    os.mkdir('d')
    saw(f'{outcome(os.unlink, "f")} {content("f")}')
    saw(f'again: {outcome(os.unlink, "f")}')
    saw(f'directory: {outcome(os.unlink, "d")}')


@twin('directory-list')
def _():
    os.mkdir('d')
    saw(names('d'))
    put('d/b', '')
    put('d/a', '')
    os.mkdir('d/c')
    put('d/c/deep', '')
    saw(names('d'))
    os.unlink('d/a')
    saw(names('d'))


@twin('directory-list-errors')
def _():
    put('f', '')
    saw(f'missing: {names("missing")}')
    saw(f'file: {names("f")}')


@twin('directory-make')
def _():
    put('f', '')
    saw(f'new: {outcome(os.mkdir, "d")} {kind("d")}')
    for what, path in [('again', 'd'), ('file', 'f'), ('in a missing one', 'missing/d'), ('below a file', 'f/d'), ('below', 'd/e')]:
        saw(f'{what}: {outcome(os.mkdir, path)}')


@twin('directory-is-no-file')
def _():
    os.mkdir('d')
    saw(f'read: {content("d")}')
    saw(f'write: {put("d", "x")}')
    saw(f'append: {outcome(append, "d", "x")}')


@twin('path-missing-directory')
def _():
    saw(f'read: {content("missing/f")}')
    saw(f'write: {put("missing/f", "")}')
    saw(f'append: {outcome(append, "missing/f", "x")}')
    for what, call in [('stat', os.stat), ('unlink', os.unlink), ('sync', sync)]:
        saw(f'{what}: {outcome(call, "missing/f")}')


@twin('path-below-a-file')
def _():
    put('f', '')
    saw(f'read: {content("f/x")}')
    saw(f'write: {put("f/x", "")}')
    saw(f'append: {outcome(append, "f/x", "x")}')
    saw(f'stat: {outcome(os.stat, "f/x")}')
    saw(f'list: {names("f/x")}')
    saw(f'unlink: {outcome(os.unlink, "f/x")}')
    saw(f'rename: {outcome(os.rename, "f/x", "y")} {outcome(os.rename, "f", "f/x")}')


@twin('path-forms')
def _():
    os.mkdir('d')
    put('d/f', 'found')
    name = 'n' * 255
    saw(f'empty: {content("")}')
    saw(f'255: {put(name, "")}, 256: {put(name + "n", "")}')
    saw(f'{content("./d/f")} {content("d//f")} {content("d/../d/./f")} {content("missing/../d/f")}')
    saw(f'trailing slash: {content("d/f/")}')


@twin('file-status')
def _():
    def status(path):
        found = os.stat(path)
        return found.st_size, found.st_mtime_ns

    write('f', '12345')
    size, first = status('f')
    saw(f'{kind("f")} of {size}, now: {flag(abs(time.time_ns() - first) < 5e9)}')
    pause()
    append('f', '678')
    size, second = status('f')
    saw(f'{size}, later: {flag(second > first)}')
    pause()
    os.rename('f', 'g')
    size, third = status('g')
    saw(f'renamed, the same: {flag(third == second)}')
    pause()
    write('g', '')
    size, fourth = status('g')
    saw(f'{size}, later: {flag(fourth > third)}')
    os.mkdir('d')
    # A kernel gives a directory some size, a Host none.
    saw(f'{kind("d")} of 0, missing: {outcome(os.stat, "missing")}')


@twin('sync')
def _():
    os.mkdir('d')
    put('d/f', 'x')
    for what, path in [('file', 'd/f'), ('directory', 'd'), ('missing', 'd/missing')]:
        saw(f'{what}: {outcome(sync, path)}')
    saw(content('d/f'))


@twin('file-survives-kill')
class _:
    def main():
        start('writer')
        saw(reaped().how)
        saw(content('f'))

    def writer():
        write('f', 'not synced')
        raise_(signal.SIGKILL)


play()
