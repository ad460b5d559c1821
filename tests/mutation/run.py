#!/usr/bin/env python3
"""Mutation testing: would the tests notice? Makes small mistakes in the scoring and format modules, one at a time, in a copy
of one source file, and runs a quick part of the tests against each. What no test notices survives and is listed.
Usage: run.py [--build DIRECTORY] [--sample N] [--seed N] [--minutes N] [--list] [FILE.c ...]

A mutant that the compiler turns into the same object code is no mutant; one that does not compile, neither. A test that fails,
crashes or takes ten times its time kills. Mutants are linked from the objects of a finished build (build/) by hand, so that one
costs a compilation of one file. --sample: mutants a file (all); --minutes: stop then, and say what was not tried.
equivalent.tsv names the mutants that cannot be told from the original, each with the reason; the score leaves them out and says
how many.
"""

import argparse
import json
import os
import random
import re
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "libclassify/src"
MODULES = (
    "score.c feature_stream.c passage*.c sentence*.c model.c model_check.c bytes.c logfix.c counts*.c refinement.c compile.c "
    "compile_terms.c compile_parts.c compile_weights.c compile_refined.c compile_write.c api_score.c api_passages.c api_model.c"
).split()
# In the order in which they are tried: the quickest killers first.
TESTS = [
    "golden scores",
    "unit logfix",
    "unit bytes",
    "unit counts",
    "unit model",
    "api model_files",
    "api status",
    "api passages",
    "unit sentences",
    "unit cues",
]
SLOW_TESTS = ["corrupt counts", "corrupt model", "api score", "oom allocator"]
PAIRS = "< <= > >= == != && || + - * / << >> | & += -= |= &=".split()
REPLACE = {a: [b] for one, other in zip(PAIRS[::2], PAIRS[1::2], strict=True) for a, b in ((one, other), (other, one))}
OPERATOR = re.compile(r" (<<|>>|<=|>=|==|!=|&&|\|\||\+=|-=|\|=|&=|[<>+*/|&-]) ")
NUMBER = re.compile(r"(?<![\w.])(\d+)u?(?![\w.])")
STATEMENT = re.compile(
    r"^\s+(?!return\b|goto\b|break\b|continue\b|else\b|case\b|const\b|static\b)[a-zA-Z_*(][^{}]*;\s*(/\*.*)?$"
)
DECLARATION = re.compile(r"^\s+(?:const |unsigned )*[a-z_0-9]+(?: \**| )[a-z_]\w*(?:\[\w*\])?(?: =|[;,])")


def blanked(text):
    """The same without comments, strings and the preprocessor's lines, each by spaces."""
    pattern = re.compile(r'/\*[\s\S]*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|^#(?:.*\\\n)*.*$', re.MULTILINE)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def mutants(text):
    """(line number, what, mutated text) of every small mistake."""
    lines, plain = text.split("\n"), blanked(text).split("\n")
    for i, (line, bare) in enumerate(zip(lines, plain, strict=True)):
        changes = []
        for m in OPERATOR.finditer(bare):
            changes += [(m.start(1), m.end(1), new) for new in REPLACE[m.group(1)]]
        for m in NUMBER.finditer(bare):
            changes.append((m.start(1), m.end(1), str(int(m.group(1)) + 1)))
            if m.group(1) not in ("0",):
                changes.append((m.start(1), m.end(1), str(int(m.group(1)) - 1)))
        for m in re.finditer(r"(?<![\w)\]])!(?=[\w(])", bare):
            changes.append((m.start(), m.end(), ""))
        for start, end, new in changes:
            yield (
                i + 1,
                f"{line[start:end]} -> {new or 'nothing'}",
                [*lines[:i], line[:start] + new + line[end:], *lines[i + 1 :]],
            )
        if STATEMENT.match(bare) and not DECLARATION.match(bare) and bare.count("(") == bare.count(")"):
            indent = line[: len(line) - len(line.lstrip())]
            yield i + 1, "statement deleted", [*lines[:i], indent + ";", *lines[i + 1 :]]


def equivalents():
    """{(file, source line, what)} of the mutants that equivalent.tsv explains."""
    rows = (Path(__file__).parent / "equivalent.tsv").read_text(encoding="utf-8").splitlines()
    return {tuple(row.split("\t")[:3]) for row in rows if row and not row.startswith("#")}


class Bench:
    """Links and runs the tests with one object replaced."""

    def __init__(self, build, work):
        self.build, self.work = build, work
        commands = json.loads((build / "compile_commands.json").read_text())
        self.compiles = {
            Path(c["file"]).name: shlex.split(c["command"])
            for c in commands
            if "libclassify_core.a.p" in c.get("output", c["command"])
        }
        self.tests = {t["name"]: t for t in json.loads(self.introspect("--tests"))}
        self.objects = {t["name"]: t for t in json.loads(self.introspect("--targets"))}
        self.core = build / "libclassify/libclassify_core.a"
        self.model = next(build.glob("libclassify/libclassify.a.p/*default_model_data.c.o"))
        self.times = {}

    def introspect(self, what):
        meson = ROOT / ".venv/bin/meson"
        command = [str(meson) if meson.exists() else "meson", "introspect", what, str(self.build)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def compile(self, name, source, out):
        words = self.compiles[name]
        keep, skip = [], False
        for word in words[:-1]:
            if skip:
                skip = False
            elif word in ("-o", "-MQ", "-MF"):
                skip = True
            elif word not in ("-MD", "-c", "-Werror") and not word.startswith("-O"):
                keep.append(word)
        command = [*keep, "-w", "-O1", f"-I{SOURCES}", "-c", str(source), "-o", str(out)]
        return subprocess.run(command, cwd=self.build, capture_output=True, check=False).returncode == 0

    def link(self, test, mutant, out):
        """The test's own objects, the mutant before the library that it takes the place of."""
        program = Path(self.tests[test]["cmd"][0])
        own = [str(p) for p in Path(str(program) + ".p").glob("*.o")]
        model = [] if any("default_model_none" in p for p in own) else [str(self.model)]
        libraries = ["-lstemmer", "-lutf8proc", "-lm", "-lpthread"]
        command = ["cc", "-o", str(out), *own, str(mutant), *model, str(self.core), *libraries]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def link_command(self, mutant, out):
        own = [str(p) for p in (self.build / "classify.p").glob("*.o")]
        libraries = ["-lstemmer", "-lutf8proc", "-lcsv", "-lm", "-lpthread"]
        command = ["cc", "-o", str(out), *own, str(mutant), str(self.model), str(self.core), *libraries]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def passes(self, name, command, most):
        began = time.monotonic()
        try:
            done = subprocess.run(command, cwd=self.work, capture_output=True, timeout=most, check=False)
        except subprocess.TimeoutExpired:
            return False
        self.times.setdefault(name, time.monotonic() - began)
        return done.returncode == 0

    def survives(self, mutant, slow):
        """None where the mutant lives, else what killed it."""
        program = self.work / "program"
        for test in [*TESTS, "oracle", *(SLOW_TESTS if slow else [])]:
            if test == "oracle":
                linked = self.link_command(mutant, program)
                command = [sys.executable, str(ROOT / "tests/oracle/run.py"), str(program), "--seconds", "5"]
            elif test in self.tests:
                linked = self.link(test, mutant, program)
                command = [str(program), *self.tests[test]["cmd"][1:]]
                command = [str(self.work) if a.startswith(str(self.build)) and Path(a).is_dir() else a for a in command]
            else:
                continue
            if linked.returncode:
                raise SystemExit(f"cannot link {test}: {linked.stderr[:2000]}")
            if not self.passes(test, command, max(20, 10 * self.times.get(test, 12))):
                return test
        return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*")
    parser.add_argument("--build", default=ROOT / "build", type=Path)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--list", action="store_true", help="list the mutants, and do nothing")
    arguments = parser.parse_args()
    names = arguments.files or sorted({p.name for m in MODULES for p in SOURCES.glob(m)})
    total = killed = explained = 0
    known, began, untried = equivalents(), time.monotonic(), []
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        bench = Bench(arguments.build.resolve(), work)
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        for name in names:
            text = (SOURCES / name).read_text(encoding="utf-8")
            found = list(mutants(text))
            random.Random(f"{arguments.seed} {name}").shuffle(found)
            if arguments.list:
                print(f"{name}: {len(found)}")
                continue
            if time.monotonic() - began > 60 * arguments.minutes:
                untried.append(name)
                continue
            source, good, bad = work / name, work / "good.o", work / "bad.o"
            source.write_text(text, encoding="utf-8")
            if not bench.compile(name, source, good):
                raise SystemExit(f"{name} does not compile")
            if total == 0:
                killer = bench.survives(good, True)
                if killer:
                    raise SystemExit(f"{killer} fails without any mutant")
            tried = dead = same = 0
            for line, what, lines in found:
                if arguments.sample and tried == arguments.sample:
                    break
                source.write_text("\n".join(lines), encoding="utf-8")
                if not bench.compile(name, source, bad) or bad.read_bytes() == good.read_bytes():
                    continue
                tried += 1
                code = text.split("\n")[line - 1].strip()
                if (name, code, what) in known:
                    same += 1
                    continue
                killer = bench.survives(bad, True)
                dead += killer is not None
                if not killer:
                    print(f"{name}:{line}: {what}: {code}", flush=True)
            total, killed, explained = total + tried, killed + dead, explained + same
            print(f"{name}: {dead} of {tried} killed" + (f", {same} equivalent" if same else ""), flush=True)
    if total:
        left = total - explained
        print(f"{killed} of {left} mutants killed: {100 * killed / max(left, 1):.1f} %; {explained} more are equivalent")
    if untried:
        print(f"not tried, for want of time: {' '.join(untried)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
