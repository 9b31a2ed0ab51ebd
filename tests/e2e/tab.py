# SPDX-License-Identifier: Apache-2.0
"""tab.py SHELL: types into that shell, on a terminal, with the Tab key.

The shell has a function `fipsgate` that prints its arguments; what it prints
is what completion made of what was typed. Reads fipsgate.bash, _fipsgate or
fipsgate.fish in the current directory.
"""
import os, pty, re, select, sys, time

SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"],
             "PS1='READ''Y> '; fipsgate() { printf '<%s>' \"$@\"; echo; }; . ./fipsgate.bash\n"),
    "zsh": (["zsh", "-f", "-i"],
            "PS1='READ''Y> '; fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D;"
            " fipsgate() { printf '<%s>' \"$@\"; echo; }\n"),
    "fish": (["fish", "--no-config", "-i"],
             "function fish_prompt; echo -n 'READ''Y> '; end; function fipsgate; printf '<%s>' $argv; echo; end;"
             " source fipsgate.fish\n"),
}
TYPED = [
    ("fipsgate pol\tlis\t--outp\tjs\t", r"<policy><list><--output[=>]<?json>"),
    ("fipsgate serve --fips=re\t", r"<serve><--fips=required>"),
    ("fipsgate policy list --policies builtin:bas\t", "<policy><list><--policies><builtin:baseline>"),
    ("fipsgate policy explain image-e\t", "<policy><explain><image-endpoints>"),
    ("fipsgate policy lint here/f\t", "<policy><lint><here/file.yaml>"),
    ("fipsgate man --dir here/th\t", r"<man><--dir><here/there/?>"),
]


def read_until(fd, want, seconds=60):
    """What the terminal shows until `want` was seen, or None."""
    seen, end = b"", time.monotonic() + seconds
    while not re.search(want.encode(), plain(seen)):
        if not select.select([fd], [], [], max(0, end - time.monotonic()))[0]:
            print(f"waited for {want!r}, saw {seen!r}", file=sys.stderr)
            return None
        piece = os.read(fd, 65536)
        # fish asks what the terminal is, and waits for an answer.
        if b"\x1b[c" in piece or b"\x1b[0c" in piece:
            os.write(fd, b"\x1b[?62c")
        seen += piece
    return seen


def plain(text):
    return re.sub(rb"\x1b(\[[0-9;?>=]*[a-zA-Z]|[()][A-Z0-9]|\][^\x07]*\x07)|\x0f", b"", text)


def main(shell):
    command, setup = SHELLS[shell]
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm", COLUMNS="200", LINES="50", HOME=os.getcwd(), XDG_CONFIG_HOME=os.getcwd())
        os.execvp(command[0], command)
    os.write(fd, setup.encode())
    ok = read_until(fd, "READY> ") is not None
    for typed, want in TYPED if ok else []:
        os.write(fd, typed.encode() + b"\r")
        ok = read_until(fd, want, 20) is not None and ok
        os.write(fd, b"\x15")
    os.write(fd, b"exit\r")
    os.close(fd)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    return 0 if ok else 1


sys.exit(main(sys.argv[1]))
