"""No source file has more than 600 lines; generated tables, and nothing else, are let off.

Usage: check_size.py ROOT
"""

import os
import sys
from pathlib import Path

MOST = 600
SUFFIXES = {".c", ".h", ".py", ".pyi", ".sh", ".cpp"}
GENERATED = {"libclassify/src/stem_uk_table.h", "libclassify/src/stem_pl_table.h"}


def sources(root):
    for folder, folders, files in os.walk(root):
        folders[:] = [
            f for f in folders if not f.startswith((".", "build")) and f not in {"shared", "subprojects", "__pycache__"}
        ]
        for name in files:
            if Path(name).suffix in SUFFIXES:
                yield Path(folder) / name


def main():
    root, problems, count = Path(sys.argv[1]), [], 0
    for path in sorted(sources(root)):
        with path.open("rb") as file:
            lines = sum(1 for _ in file)
        count += 1
        if lines > MOST and path.relative_to(root).as_posix() not in GENERATED:
            problems.append(f"{path.relative_to(root)}: {lines} lines")
    print("\n".join(problems) or f"{count} files, none over {MOST} lines")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
