#!/usr/bin/env python3
"""Mutation testing: would the tests notice? Makes small mistakes in the scoring and format modules, one at a time, in a copy
of one source file, and runs the C tests and the oracle against each. What no test notices survives and is listed.
Usage: run.py [--build DIRECTORY] [--sample N] [--seed N] [--minutes N] [--jobs N] [--list] [FILE.c ...]

A mutant that the compiler turns into the same object code is no mutant; one that does not compile, neither. A test that fails,
crashes or takes four times its processor time kills. --sample: mutants a file (all); --minutes: stop then, and say what was not
tried. equivalent.tsv names the mutants that cannot be told from the original, each with the reason; the score leaves them out
and says how many.

What makes it quick: all tests are one program, linked once a mutant, that stops at the first failure; a test that does not
execute the line (measured first, by gcov) is not run; of the others, the one first whose time buys most kills, by what has
killed in that file so far.
"""

import argparse
import json
import os
import random
import re
import resource
import shlex
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests"
SOURCES = ROOT / "libclassify/src"
MODULES = (
    "score.c feature_stream.c passage*.c sentence*.c model.c model_check.c bytes.c logfix.c counts*.c refinement.c compile.c "
    "compile_terms.c compile_parts.c compile_weights.c compile_refined.c compile_write.c api_score.c api_passages.c api_model.c"
).split()
# A test is a source file and its arguments; those that end in .c are read for their main.
UNIT = "utf8 fold tokens logfix bytes counts flood stem model".split()
TESTS = {f"unit {name}": (f"unit/test_{name}.c", []) for name in UNIT}
TESTS |= {
    f"unit {gold}": ("unit/test_sentences.c", [f"golden/{gold}", least])
    for gold, least in (("sentences", "97"), ("sentences-hard-dev", "97"), ("sentences-blind", "96.4"))
}
TESTS |= {
    f"api {name}": (f"api/test_{name}.c", ["."] if name == "model_files" else [])
    for name in ("status", "score", "model_files", "passages")
}
TESTS |= {"golden scores": ("golden/test_golden.c", ["golden"]), "oom allocator": ("oom/test_oom.c", ["."])}
TESTS |= {f"corrupt {name}": (f"corrupt/test_{name}.c", []) for name in ("counts", "model")}
INCLUDING = {"unit cues": ("unit/test_cues.c", "passage_cues.c")}  # tests that include a module, and are only for it
ORACLE = "--seconds 0 --trials 8".split()
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


def symbol(source):
    """Of unit/test_x.c: unit_test_x."""
    return source.removesuffix(".c").replace("/", "_")


class Bench:
    """All the tests, and the command for the oracle, with one object replaced."""

    def __init__(self, build, work):
        self.build, self.work = build, work
        commands = json.loads((build / "compile_commands.json").read_text())
        self.compiles = {
            Path(c["file"]).name: shlex.split(c["command"])
            for c in commands
            if "libclassify_core.a.p" in c.get("output", c["command"])
        }
        self.core = build / "libclassify/libclassify_core.a"
        self.model = next(build.glob("libclassify/libclassify.a.p/*default_model_data.c.o"))
        self.command = [str(p) for p in (build / "classify.p").glob("*.o")]
        self.tests, self.times, self.covers, self.history = self.compile_tests(), {}, {}, {}
        self.lock = threading.Lock()

    def compile_tests(self):
        """Every test's main under a name of its own, and one that calls the one it is told."""
        names = sorted({source for source, _ in TESTS.values()})
        mains = [symbol(name) for name in names]
        table = "".join(
            f'    if (!strcmp(argv[1], "{name}"))\n        return {name}_main(argc - 1, argv + 1);\n' for name in mains
        )
        declared = "".join(f"int {name}_main(int, char **);\n" for name in mains)
        (self.work / "all_tests.c").write_text(
            f"#include <string.h>\n{declared}int main(int argc, char **argv) {{\n{table}    return 99;\n}}\n"
        )
        objects = []
        for source, main in [*((FOLDER / n, symbol(n) + "_main") for n in names), (self.work / "all_tests.c", "main")]:
            text = source.read_text(encoding="utf-8").replace("int main(void)", f"int {main}(int argc, char **argv)")
            text = text.replace("int main(int", f"int {main}(int")
            copy, out = self.work / f"{main}.c", self.work / f"{main}.o"
            copy.write_text(text, encoding="utf-8")
            folders = [
                ROOT / "libclassify/include",
                SOURCES,
                *(FOLDER / f for f in ("unit", "api", "corrupt", "golden", "oom")),
            ]
            command = ["cc", "-std=c11", "-O1", "-w", "-D_FILE_OFFSET_BITS=64", "-D_POSIX_C_SOURCE=200809L", "-DCHECK_STOP"]
            command += [*(f"-I{folder}" for folder in folders), "-c", str(copy), "-o", str(out)]
            subprocess.run(command, check=True)
            objects.append(str(out))
        return objects

    def compile_including(self, test, mutant, out):
        """A test that includes a module, with the mutant's source in its place."""
        source, module = FOLDER / INCLUDING[test][0], INCLUDING[test][1]
        text = source.read_text(encoding="utf-8").replace(f'"../../libclassify/src/{module}"', f'"{mutant}"')
        copy = out.with_suffix(".c")
        copy.write_text(text, encoding="utf-8")
        command = ["cc", "-std=c11", "-O1", "-w", "-DCHECK_STOP", f"-I{FOLDER}/unit", f"-I{SOURCES}"]
        command += [f"-I{ROOT}/libclassify/include", "-o", str(out), str(copy), str(self.core), "-lutf8proc"]
        subprocess.run(command, check=True)

    def compile(self, name, source, out, *flags):
        words = self.compiles[name]
        keep, skip = [], False
        for word in words[:-1]:
            if skip:
                skip = False
            elif word in ("-o", "-MQ", "-MF"):
                skip = True
            elif word not in ("-MD", "-c", "-Werror") and not word.startswith("-O"):
                keep.append(word)
        command = [*keep, "-w", "-O1", *flags, f"-I{SOURCES}", "-c", str(source), "-o", str(out)]
        return subprocess.run(command, cwd=self.build, capture_output=True, check=False).returncode == 0

    def link(self, test, replaced, out, *flags):
        """The tests or the command, what is replaced before the library that it takes the place of."""
        own, csv = (self.command, ["-lcsv"]) if test == "oracle" else (self.tests, [])
        command = ["cc", *flags, "-o", str(out), *own, *map(str, replaced), str(self.model), str(self.core)]
        done = subprocess.run([*command, "-lstemmer", "-lutf8proc", *csv, "-lm", "-lpthread"], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"cannot link: {done.stderr[:2000]}")

    def run(self, test, program, folder, most=None, environment=None):
        """Whether it passes, and the processor's seconds. `most`: of these, and twenty times as many on the clock."""
        if test == "oracle":
            command = [sys.executable, str(FOLDER / "oracle/run.py"), str(program), *ORACLE]
        elif test in INCLUDING:
            command = [str(program)]
        else:
            source, words = TESTS[test]
            words = [str(FOLDER / w) if w.startswith("golden") else str(folder) if w == "." else w for w in words]
            command = [str(program), symbol(source), *words]

        def limit():
            seconds = int(most) + 1
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))

        with subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=limit if most else None,
            env=os.environ | (environment or {}),
        ) as process:  # fmt: skip
            timer = threading.Timer(20 * most + 5 if most else 900, process.kill)
            timer.start()
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            timer.cancel()
        return process.returncode == 0, used.ru_utime + used.ru_stime

    def measure(self, names):
        """The time of every test, and which lines of the modules it executes."""
        objects = []
        for name in names:
            objects.append(self.work / f"cover_{name}.o")
            source = self.work / f"cover_{name}"
            source.write_text((SOURCES / name).read_text(encoding="utf-8"), encoding="utf-8")
            if not self.compile(name, source, objects[-1], "-O0", "--coverage"):
                raise SystemExit(f"{name} does not compile")
        tests, command = self.work / "cover-tests", self.work / "cover-command"
        good_tests, good_command = self.work / "good-tests", self.work / "good-command"
        self.link("tests", objects, tests, "--coverage")
        self.link("oracle", objects, command, "--coverage")
        self.link("tests", [], good_tests)
        self.link("oracle", [], good_command)
        for test, (_, module) in INCLUDING.items():
            self.compile_including(test, SOURCES / module, self.work / "including")
            ok, self.times[test] = self.run(test, self.work / "including", self.work)
            if not ok:
                raise SystemExit(f"{test} fails without any mutant")
        for test in [*TESTS, "oracle"]:
            ok, seconds = self.run(test, good_command if test == "oracle" else good_tests, self.work)
            if not ok:
                raise SystemExit(f"{test} fails without any mutant")
            self.times[test] = seconds
            folder = self.work / "coverage" / test.replace(" ", "_")
            self.run(test, command if test == "oracle" else tests, self.work, None, {"GCOV_PREFIX": str(folder)})
            for name in names:
                self.covers[test, name] = self.lines(name, folder)

    def lines(self, name, folder):
        """(executed lines, known lines, [(first, last, executed) of the functions]) of a module in one test."""
        data = folder / str(self.work).lstrip("/") / f"cover_{name}.gcda"
        if not data.exists():
            return set(), set(), []
        (data.parent / f"cover_{name}.gcno").write_bytes((self.work / f"cover_{name}.gcno").read_bytes())
        done = subprocess.run(
            ["gcov", "--json-format", "--stdout", str(data)], cwd=data.parent, capture_output=True, check=True
        )
        file = next(f for f in json.loads(done.stdout)["files"] if Path(f["file"]).name == f"cover_{name}")
        functions = [(f["start_line"], f["end_line"], f["execution_count"] > 0) for f in file["functions"]]
        counts = {}
        for row in file["lines"]:
            counts[row["line_number"]] = counts.get(row["line_number"], 0) + row["count"]
        return {line for line, n in counts.items() if n}, set(counts), functions

    def executes(self, test, name, line):
        """Whether a test executes a line; where that is unknown, its function; outside of these, anything in the file."""
        executed, known, functions = self.covers[test, name]
        if line in known:
            return line in executed
        within = [ran for first, last, ran in functions if first <= line <= last]
        return any(within) if within else bool(executed)

    def worth(self, test, name):
        """Kills for a second of this test, by what has been seen in this file; a quarter is believed of what has not."""
        kills, tries = self.history.get((test, name), (0, 0))
        return (kills + 0.5) / (tries + 2) / (self.times[test] + 0.02)

    def killer(self, name, line, mutant, folder):
        """None where the mutant lives, else what killed it."""
        linked, tests = set(), [t for t in [*TESTS, "oracle"] if self.executes(t, name, line)]
        tests += [t for t, (_, module) in INCLUDING.items() if module == name]
        while tests:
            with self.lock:
                test = max(tests, key=lambda t: self.worth(t, name))
            tests.remove(test)
            program = folder / (test if test == "oracle" or test in INCLUDING else "tests").replace(" ", "_")
            if program not in linked:
                if test in INCLUDING:
                    self.compile_including(test, mutant.with_suffix(".c"), program)
                else:
                    self.link(test, [mutant], program)
                linked.add(program)
            ok, _ = self.run(test, program, folder, 4 * self.times[test])
            with self.lock:
                kills, tries = self.history.get((test, name), (0, 0))
                self.history[test, name] = (kills + (not ok), tries + 1)
            if not ok:
                return test
        return None


def chosen(bench, name, known, sample, seed, work):
    """Up to `sample` mutants of a module that compile to something else: (line, what, code, object, equivalent)."""
    text = (SOURCES / name).read_text(encoding="utf-8")
    found, rows = list(mutants(text)), []
    random.Random(f"{seed} {name}").shuffle(found)
    source, good = work / name, work / "good.o"
    source.write_text(text, encoding="utf-8")
    bench.compile(name, source, good)
    for line, what, lines in found:
        if sample and len(rows) == sample:
            break
        bad = work / f"{name}.{len(rows)}.o"
        source.write_text("\n".join(lines), encoding="utf-8")
        bad.with_suffix(".c").write_text("\n".join(lines), encoding="utf-8")
        if bench.compile(name, source, bad) and bad.read_bytes() != good.read_bytes():
            code = text.split("\n")[line - 1].strip()
            rows.append((line, what, code, bad, (name, code, what) in known))
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*")
    parser.add_argument("--build", default=ROOT / "build", type=Path)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="list the mutants, and do nothing")
    arguments = parser.parse_args()
    names = arguments.files or sorted({p.name for m in MODULES for p in SOURCES.glob(m)})
    if arguments.list:
        for name in names:
            print(f"{name}: {sum(1 for _ in mutants((SOURCES / name).read_text(encoding='utf-8')))}")
        return 0
    total = killed = explained = 0
    known, began, untried = equivalents(), time.monotonic(), []
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(arguments.jobs) as pool:
        work = Path(folder)
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        bench = Bench(arguments.build.resolve(), work)
        bench.measure(names)
        ready = time.monotonic()
        print(f"{len(bench.times)} tests of {sum(bench.times.values()):.1f} s measured in {ready - began:.0f} s", flush=True)

        def judge(row):
            with tempfile.TemporaryDirectory(dir=work) as own:
                return bench.killer(row[0], row[1], row[4], Path(own))

        for name in names:
            if time.monotonic() - began > 60 * arguments.minutes:
                untried.append(name)
                continue
            rows = chosen(bench, name, known, arguments.sample, arguments.seed, work)
            real = [(name, *row) for row in rows if not row[4]]
            verdicts = list(pool.map(judge, real))
            for (_, line, what, code, _, _), killer in zip(real, verdicts, strict=True):
                if not killer:
                    print(f"{name}:{line}: {what}: {code}", flush=True)
            dead, same = sum(v is not None for v in verdicts), len(rows) - len(real)
            total, killed, explained = total + len(rows), killed + dead, explained + same
            print(f"{name}: {dead} of {len(real)} killed" + (f", {same} equivalent" if same else ""), flush=True)
            for row in rows:
                row[3].unlink()
    if total:
        left = total - explained
        print(f"{killed} of {left} mutants killed: {100 * killed / max(left, 1):.1f} %; {explained} more are equivalent")
        print(f"{(time.monotonic() - ready) / max(left, 1):.1f} s a mutant, of {arguments.jobs} at once")
    if untried:
        print(f"not tried, for want of time: {' '.join(untried)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
