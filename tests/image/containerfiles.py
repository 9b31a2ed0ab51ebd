# SPDX-License-Identifier: Apache-2.0
"""Every Containerfile below deploy/, read as a builder reads it: what it names is there, its last stage only copies,
and all of them end in the same words. The one on Red Hat's packages is not built here: this is what stands in for it.

The parser is that of BuildKit, from PyPI (parser.txt). Each claim is broken once, to hear of it.
"""

import fnmatch
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
SKIPPED = 77
LAST_STAGE = {"ARG", "LABEL", "COPY", "ENV", "EXPOSE", "USER", "STOPSIGNAL", "ENTRYPOINT"}
LABELS = {"title", "description", "licenses", "version", "revision"}
VERSION = re.search(r"project\(fipsgate VERSION ([0-9.]+)", (SOURCE / "CMakeLists.txt").read_text())[1]
RECIPES = set(re.findall(r"^build_(\w+)\(\)", (SOURCE / "deploy/image/libraries.sh").read_text(), re.MULTILINE))


def parser():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "fipsgate-tests"
    where = cache / "dockerfile-3.4.0"
    if not where.exists():
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
                        "--only-binary", ":all:", "--require-hashes", "--target", where, "-r", HERE / "parser.txt"],
                       stderr=subprocess.DEVNULL, check=False)
    sys.path.insert(0, str(where))
    try:
        import dockerfile
    except ImportError:
        print("skipped: no parser of Containerfiles: the package that carries it cannot be had")
        sys.exit(SKIPPED)
    return dockerfile


PARSER = parser()


def ignored(path):
    lines = (SOURCE / ".containerignore").read_text().splitlines()
    return any(fnmatch.fnmatch(path.split("/")[0], line) for line in lines if line and not line.startswith("#"))


def bases(commands):
    """Where each stage begins: from an argument that has a whole name, from another stage, or from nothing."""
    arguments, names = {}, set()
    for command in commands:
        if command.cmd == "ARG" and not names:
            name, _, value = command.value[0].partition("=")
            arguments[name] = re.sub(r"\$\{(\w+)\}", lambda found: arguments.get(found[1], ""), value)
        if command.cmd != "FROM":
            continue
        base = command.value[0]
        named = re.fullmatch(r"\$\{(\w+)\}", base)
        if base != "scratch" and base not in names and not (named and re.fullmatch(r"[a-z0-9.-]+\.[a-z]+/[a-z0-9/._-]+:[a-z0-9.-]+", arguments.get(named[1], ""))):
            yield f"line {command.start_line}: {base} is no stage and no argument with a whole name"
        names |= set(command.value[2:3])


def copies(commands):
    stages = set()
    for command in commands:
        if command.cmd == "FROM":
            stages |= set(command.value[2:3])
        if command.cmd == "ADD":
            yield f"line {command.start_line}: ADD fetches and unpacks; COPY says what it does"
        if command.cmd != "COPY":
            continue
        stage = [flag.partition("=")[2] for flag in command.flags if flag.startswith("--from=")]
        if stage and stage[0] not in stages:
            yield f"line {command.start_line}: no stage {stage[0]}"
        for path in () if stage else command.value[:-1]:
            if not (SOURCE / path).exists() or ignored(path):
                yield f"line {command.start_line}: no {path} in the build context"


def runs(commands):
    for command in commands:
        if command.cmd != "RUN":
            continue
        text = command.value[0]
        shell = subprocess.run(["sh", "-n", "-c", text], capture_output=True, text=True, check=False)
        if shell.returncode:
            yield f"line {command.start_line}: {shell.stderr.strip()}"
        for script in re.findall(r"(?<![\w-])/?(deploy/[\w/.-]+\.sh)", text):
            there = [SOURCE / script, SOURCE / "deploy/image" / pathlib.Path(script).name]
            if not any(os.access(path, os.X_OK) for path in there):
                yield f"line {command.start_line}: no script {script}"
        for libraries in re.findall(r"libraries\.sh \w+ \S+ ([\w ]+)", text):
            yield from (f"line {command.start_line}: libraries.sh cannot build {name}" for name in libraries.split() if name not in RECIPES)


def last_stage(commands):
    stage = commands[max(i for i, command in enumerate(commands) if command.cmd == "FROM"):]
    if stage[0].value != ("scratch",):
        yield "the last stage begins with something"
    yield from (f"line {command.start_line}: {command.cmd} in the last stage" for command in stage[1:] if command.cmd not in LAST_STAGE)
    of = {command.cmd: command for command in stage}
    if not of.get("ENTRYPOINT") or not of["ENTRYPOINT"].json or len(of["ENTRYPOINT"].value) != 1:
        yield "the entry point is not one program, without a shell"
    if not of.get("USER") or of["USER"].value != ("65532:65532",):
        yield "the user is not 65532:65532"
    if not of.get("STOPSIGNAL") or of["STOPSIGNAL"].value != ("SIGTERM",):
        yield "the stop signal is not SIGTERM"
    given = {key.rpartition(".")[2] for key in of["LABEL"].value[::2]} if of.get("LABEL") else set()
    yield from (f"no label {label}" for label in sorted(LABELS - given))
    if not any(command.cmd == "ARG" and command.value[0] == f"VERSION={VERSION}" for command in stage):
        yield f"the version is not {VERSION}"


def complaints(text):
    try:
        commands = PARSER.parse_string(text)
    except PARSER.GoParseError as error:
        return [f"does not parse: {error}"]
    return [complaint for claim in (bases, copies, runs, last_stage) for complaint in claim(commands)]


# What is broken, how, and what must be said of it.
MISTAKES = [
    (r"^FROM \$\{BASE\}", "FROM debian", "no argument with a whole name"),
    (r"^ARG BASE=\S*?/", "ARG BASE=", "no argument with a whole name"),
    (r"--from=build", "--from=bild", "no stage bild"),
    (r"^COPY src ", "COPY source ", "no source in the build context"),
    (r"^COPY src ", "COPY tests ", "no tests in the build context"),
    (r"^COPY src ", "ADD src ", "ADD fetches"),
    (r"program\.sh (\S+)$", r"program.sh \1 &&", "Syntax error"),
    (r"image/program\.sh", "image/programs.sh", "no script deploy/image/programs.sh"),
    (r"^FROM scratch", "FROM build", "begins with something"),
    (r"^USER 65532:65532", "USER 0", "the user is not"),
    (r"^USER 65532:65532", "RUN true", "RUN in the last stage"),
    (r'^ENTRYPOINT \["(.*)"\]', r"ENTRYPOINT \1", "without a shell"),
    (r"^STOPSIGNAL SIGTERM", "STOPSIGNAL SIGUSR1", "the stop signal is not"),
    (r"org\.opencontainers\.image\.revision=", "org.opencontainers.image.rev=", "no label revision"),
    (r"^ARG VERSION=.*", "ARG VERSION=0", "the version is not"),
    (r"^FROM scratch", "FORM scratch", "FORM in the last stage"),
    (r"^STOPSIGNAL SIGTERM", "ENV PATH", "does not parse"),
]


def main():
    bad = []
    files = sorted((SOURCE / "deploy").glob("**/Containerfile*"))
    for file in files:
        text = file.read_text()
        bad += [f"{file.relative_to(SOURCE)}: {complaint}" for complaint in complaints(text)]
        for pattern, instead, want in MISTAKES:
            broken, count = re.subn(pattern, instead, text, count=1, flags=re.MULTILINE)
            if not count or not any(want in complaint for complaint in complaints(broken)):
                bad.append(f"{file.relative_to(SOURCE)}: nothing is said against `{pattern}` -> `{instead}`: {complaints(broken)}")
    print("\n".join(bad) or f"{len(files)} Containerfiles, {len(MISTAKES)} mistakes in each noticed")
    return 1 if bad or len(files) < 3 else 0


sys.exit(main())
