"""`make bench`: how fast is libclassify, beside the bounds and the peers? Writes RESULTS.md and speed.png here.

Everything runs on one core, in one session, in turn: a machine that others use too is not equally fast from one minute to the
next, so the ratios are medians of ratios of neighbours in time.

    run.py [--rounds N] [--build FOLDER]
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import peers
import texts

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SIZES = (58, 1100, 10000)
median = statistics.median


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


class Bench:
    """The program bench, whose lines are `name TAB number unit ...`."""

    def __init__(self, build: Path):
        path = {**os.environ, "PATH": f"{ROOT / '.venv/bin'}:{os.environ['PATH']}"}
        ninja = shutil.which("ninja", path=path["PATH"])
        subprocess.run([ninja, "-C", build, "classify", "tests/bench/bench"], check=True, stdout=subprocess.DEVNULL, env=path)
        self.program = build / "tests" / "bench" / "bench"

    def lines(self, *arguments, cores: set[int] | None = None) -> list[list[str]]:
        command = [str(self.program), *map(str, arguments)]
        if cores:
            command = ["taskset", "-c", ",".join(map(str, sorted(cores))), *command]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return [line.split("\t") for line in (done.stdout + done.stderr).splitlines() if "\t" in line]


def number(field: str) -> float:
    return float(field.split()[0])


def compare(bench: Bench, others: list, files: dict[int, Path], classify: list, rounds: int) -> dict:
    """MB/s of each way by length, and the ratios of the library's speed to theirs."""
    speeds: dict[str, dict[int, list[float]]] = {}
    ratios: dict[str, dict[int, list[float]]] = {}
    known = []
    for turn in range(rounds):
        for size, path in files.items():
            say(f"round {turn + 1} of {rounds}, {size} bytes a text")
            measured = {}
            for line in bench.lines("compare", path, 7):
                if line[0] == "known words":
                    known.append(float(line[1]))
                elif len(line) > 4:
                    measured[line[0]] = number(line[1])
                    if line[0] == "libclassify":
                        ratios.setdefault("bare bound", {}).setdefault(size, []).append(number(line[4]))
                    elif line[0] == "libstemmer":
                        library = measured["libclassify"]
                        ratios.setdefault("libstemmer", {}).setdefault(size, []).append(library / measured["libstemmer"])
            megabytes = path.stat().st_size / 1e6
            command = peers.Command(
                "libclassify --lines", lambda p: [*classify, "--lines", "--jobs", "1", p], files_empty(path)
            )
            words = peers.Command("wc -w", lambda p: ["wc", "-w", p], files_empty(path))
            for peer in [command, words, *others]:
                measured[peer.name] = megabytes / peer.seconds(path)
                if peer is not command and peer is not words:
                    ratio = measured["libclassify"] / measured[peer.name]
                    ratios.setdefault(peer.name, {}).setdefault(size, []).append(ratio)
            ratio = measured[command.name] / measured[words.name]
            ratios.setdefault("wc -w", {}).setdefault(size, []).append(ratio)
            for name, speed in measured.items():
                speeds.setdefault(name, {}).setdefault(size, []).append(speed)
    return {
        "speeds": {name: {size: median(v) for size, v in by.items()} for name, by in speeds.items()},
        "ratios": {name: {size: median(v) for size, v in by.items()} for name, by in ratios.items()},
        "known": median(known),
    }


def files_empty(path: Path) -> Path:
    empty = path.with_name("empty.txt")
    empty.touch()
    return empty


def counting(classify: list, records: list[dict], worker: peers.Worker | None, work: Path, rounds: int) -> list[str]:
    """How many times faster than scikit-learn's pipeline learns the same texts: its words; its words and pairs of words, as
    ours are; and these with the compiling that makes a model of counts."""
    if worker is None:
        return ["skipped"] * 3
    corpus = work / "corpus.jsonl"
    corpus.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
    ratios = []
    for _ in range(rounds):
        own = peers.run([*classify, "count", "-o", work / "counts", corpus])
        words, pairs = worker.ask("fit"), worker.ask("fit-pairs")
        compiled = own + peers.run([*classify, "compile", "-o", work / "compiled.model", work / "counts"])
        ratios.append((words / own, pairs / own, pairs / compiled))
    return [f"{median(ratio):.1f}" for ratio in zip(*ratios, strict=True)]


def table(results: dict) -> list[str]:
    """The targets and what was reached."""
    ratios = results["ratios"]

    def cells(name: str) -> str:
        return " / ".join(f"{ratios[name][size]:.2f}" for size in SIZES) if name in ratios else "skipped"

    ready = {line[0]: (number(line[1]), number(line[2])) for line in results["open"]}
    rows = [
        ("share of the bare bound", "0.35", "0.6", cells("bare bound")),
        ("against libstemmer alone on all words", "", "", cells("libstemmer")),
        ("against the fastText command", "5", "10", cells("fastText command")),
        ("against Vowpal Wabbit", "8 / 1.3 / 0.9", "1.5", cells("Vowpal Wabbit")),
        ("against scikit-learn with PyStemmer", "25", "60", cells("scikit-learn")),
        ("`classify --lines` against `wc -w`", "1", "1.5", cells("wc -w")),
        ("two threads against one", "1.8", "1.95", results["threads"]),
        ("embedded model ready", "2 ms", "0.2 ms", f"{ready['embedded'][0]:.2f} ms"),
        ("model opened by path", "5 ms", "1 ms", f"{ready['opened by path'][0]:.2f} ms"),
        ("model mapped by path", "", "", f"{ready['mapped by path'][0]:.2f} ms"),
        ("peak memory of the command, 1 MB / 100 MB of lines", "40 MB", "16 MB", results["memory"]),
        ("counting against scikit-learn's learning", "10", "40", results["counting"][0]),
        ("the same, of pairs of words on both sides", "", "", results["counting"][1]),
        ("counting and compiling, of pairs on both sides", "", "", results["counting"][2]),
    ]
    lines = ["| | must | aim | reached |", "|---|--:|--:|--:|"]
    return lines + [f"| {' | '.join(row)} |" for row in rows]


def report(results: dict, machine: str, picture: bool) -> str:
    speeds = results["speeds"]
    lines = ["# How fast", "", "Made by `make bench`; every number is a median, every ratio one of neighbours in time.", ""]
    lines += [
        f"Machine: {machine}. One core, shared with other work. Texts: `corpora/heldout`, cut or joined to a length, four"
    ]
    lines += [f"languages in turn, repeated to at least 4 MB; the model has weights for {results['known']:.1%} of their words."]
    lines += ["Ratios are of speeds, at 58 B, 1.1 KB and 10 KB a text; above 1 libclassify is faster.", ""]
    before, after = results["load"]
    if max(before, after - 1) > 1:  # the benchmark itself is one at the end
        lines += [
            f"**The machine was busy**: load {before:.1f} at the start, {after:.1f} at the end, on {os.cpu_count()} cores.",
            "Neighbours share caches and memory, so MB/s and milliseconds are not the machine's, and two threads had",
            "no two cores: read the ratios, and run it again on an idle machine.",
            "",
        ]
    lines += table(results)
    lines += ["", "| MB/s | " + " | ".join(f"{size} B" for size in SIZES) + " |", "|---|" + "--:|" * len(SIZES)]
    lines += [f"| {name} | " + " | ".join(f"{by[size]:.1f}" for size in SIZES) + " |" for name, by in speeds.items()]
    lines += ["", "| growth | | MB/s |", "|---|--:|--:|"]
    lines += [f"| {name} | {at:,} | {speed:.1f} |" for name, points in results["growth"].items() for at, speed in points]
    lines += [""] + (["![speed by length, and growth](speed.png)", ""] if picture else [])
    if peers.skipped:
        lines += ["Skipped: " + "; ".join(f"{name} ({why})" for name, why in peers.skipped.items()) + ".", ""]
    lines += [
        "The bare bound decodes, folds by a table, hashes, looks one row up in a table of 1 MiB and ends with a softmax",
        "(`reference.c`). Commands are timed whole, less the same on an empty file; scikit-learn times itself, in a batch.",
        "The library is timed in a batch call inside one process, and `classify --lines` as a command.",
        "Counting is `classify count` as a command, from its start over NDJSON to the synced file of counts of words and of",
        "pairs of them. scikit-learn learns from texts that are in memory, of words alone unless the row says pairs, and",
        "writes nothing; but it stems as it learns, and has a model then. Our stems come when counts are compiled: in the row",
        "that says so.",
        "",
    ]
    return "\n".join(lines)


def describe_machine() -> str:
    name = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        models = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
        name = models[0] if models else name
    return f"{name}, {os.cpu_count()} cores, {platform.system()}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    options = parser.parse_args()
    cores = os.sched_getaffinity(0)
    core = max(cores)
    load = os.getloadavg()[0]
    bench = Bench(options.build)
    work = options.build / "bench-texts"
    work.mkdir(exist_ok=True)
    interpreter = peers.python(ROOT / "build-peers")

    records = [json.loads(line) for p in sorted((ROOT / "corpora").glob("*.jsonl")) for line in p.open(encoding="utf-8")]
    records = [{k: r[k] for k in ("text", "label", "lang")} for r in records]
    files = {}
    for size in SIZES:
        files[size] = work / f"{size}.txt"
        files[size].write_text("\n".join(texts.make(ROOT / "corpora/heldout", size, 4_000_000)) + "\n", encoding="utf-8")
        files[size].with_suffix(".vw").unlink(missing_ok=True)
    empty = files_empty(files[58])
    os.environ["LC_ALL"] = "C.UTF-8"
    say("training the peers")
    fast = peers.fasttext(work, records, empty)
    wabbit = peers.vowpal_wabbit(work, interpreter, records, empty)
    os.sched_setaffinity(0, {core})  # from here on, children too
    worker = peers.scikit_learn(work, interpreter, records)
    if worker:
        worker.ask("fit")
    classify = [options.build / "classify"]

    results = compare(bench, [p for p in (fast, wabbit, worker) if p], files, classify, options.rounds)
    say("counting, growth, threads, opening, memory")
    results["counting"] = counting(classify, records, worker, work, max(3, options.rounds // 2))
    growth: dict[str, list] = {}
    for name, at, speed in bench.lines("growth", files[58]):
        growth.setdefault(name, []).append((int(at), number(speed)))
    results["growth"] = growth
    results["open"] = bench.lines("open", options.build / "libclassify" / "default.model", 15)
    os.sched_setaffinity(0, cores)
    two = set(sorted(cores)[-2:])
    threads = bench.lines("threads", files[1100], 15, cores=two) if len(two) == 2 else [["", "one core only"]]
    results["threads"] = threads[0][1]
    large = work / "large.txt"
    small = files[1100].read_bytes()
    sizes = []
    for content in (small[:1_000_000], small * (100_000_000 // len(small))):
        large.write_bytes(content)
        sizes.append(bench.lines("memory", *classify, "--lines", "--jobs", "1", large)[-1][1])
    large.unlink()
    results["memory"] = " / ".join(sizes)
    if worker:
        worker.close()

    results["load"] = [load, os.getloadavg()[0]]
    (work / "results.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    picture = peers.has(interpreter, "matplotlib")
    if picture:
        subprocess.run([interpreter, HERE / "plot.py", work / "results.json", HERE / "speed.png"], check=True)
    (HERE / "RESULTS.md").write_text(report(results, describe_machine(), picture), encoding="utf-8")
    print("\n".join(table(results)))


if __name__ == "__main__":
    main()
