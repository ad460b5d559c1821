"""The library's files include downwards only, and the command includes nothing private.

Usage: check_includes.py LIBCLASSIFY-DIRECTORY
A group may include its own headers and those of groups on lower levels; not those of another group on its own level.
"""

import re
import sys
from pathlib import Path

# (level, group, patterns of file names without suffix); the first match counts.
GROUPS = [
    (0, "base", r"alloc|error|bytes|logfix|rows|file|default_model(_none)?"),
    (1, "unicode", r"utf8|fold"),
    (2, "tokens", r"markers|plain|tokens|sentences?(_.*)?"),
    (3, "stem", r"stem(_.*)?"),
    (4, "counts", r"refinement|counts(_flood|_table|_text|_meta|_sort|_merge)?"),
    (5, "counts files", r"counts_(file|tsv|refined|refined_tsv)"),
    (6, "model", r"model(_check)?|filter"),
    (7, "features", r"feature_stream"),
    (8, "score", r"score"),
    (8, "compile", r"compile(_.*)?"),
    (9, "passages", r"passages?(_.*)?"),
    (9, "refine", r"refine(_.*)?"),
    (10, "api", r"api_.*"),
]
# Build tools: what they may include, whole.
TOOLS = {"compile_default.c": {"classify.h"}, "gen_fold_table.c": {"fold.h"}}
# Headers of other libraries, and of the system where a module alone has to do with it.
ONLY_IN = {
    "libstemmer.h": {"stem.c"},
    "utf8proc.h": {"fold.c"},
    "stdatomic.h": {"model.h"},
    "math.h": {"score.c"},
    "fcntl.h": {"file.c"},
    "sys/mman.h": {"file.c", "alloc.c"},
    "sys/stat.h": {"file.c"},
    "unistd.h": {"file.c"},
    "errno.h": {"file.c"},
    "locale.h": set(),
    "time.h": set(),
    "assert.h": set(),
    "pthread.h": set(),
    "threads.h": set(),
}
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)


def group_of(name):
    stem = name.rsplit(".", 1)[0]
    for level, group, pattern in GROUPS:
        if re.fullmatch(pattern, stem):
            return level, group
    return None


def includes(path):
    for quoted, angled in INCLUDE.findall(path.read_text(encoding="utf-8")):
        yield quoted or angled, bool(quoted)


def check_library(src):
    problems = []
    for path in sorted([*src.glob("*.c"), *src.glob("*.h")]):
        own = group_of(path.name)
        for name, quoted in includes(path):
            if not quoted:
                if path.name not in ONLY_IN.get(name, {path.name}) and path.name not in TOOLS:
                    problems.append(f"{path.name}: <{name}> is for {', '.join(ONLY_IN[name]) or 'nobody'} alone")
                continue
            if path.name in TOOLS:
                if name not in TOOLS[path.name]:
                    problems.append(f"{path.name} is a build tool and may not include {name}")
                continue
            if name == "classify.h":
                continue
            other = group_of(name)
            if own is None or other is None:
                problems.append(f"{path.name} includes {name}: one of them has no level in check_includes.py")
            elif not (other == own or other[0] < own[0]):
                problems.append(f"{path.name} ({own[1]}) includes {name} ({other[1]}): upwards")
        if own is None and path.name not in TOOLS:
            problems.append(f"{path.name} has no level in check_includes.py")
    return problems


def check_command(cli):
    problems = []
    for path in sorted([*cli.rglob("*.c"), *cli.rglob("*.h")]):
        for name, quoted in includes(path):
            if quoted and name != "classify.h" and not (cli / name).is_file():
                problems.append(f"cli/{path.name} includes {name}, which is not the command's own")
            if "/src/" in name or name.startswith(("../src", "src/")):
                problems.append(f"cli/{path.name} includes {name}, which is private")
    return problems


def main():
    root = Path(sys.argv[1])
    problems = check_library(root / "src") + check_command(root / "cli")
    print("\n".join(problems) or f"{len(list((root / 'src').glob('*.[ch]')))} files: all includes go down")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
