"""What the shared library exports = what classify.h declares = what libclassify.map lists.

Usage: check_exports.py CLASSIFY.H LIBCLASSIFY.MAP SHARED-LIBRARY
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path


def main():
    header, version_map, library = (Path(argument) for argument in sys.argv[1:])
    nm = shutil.which("nm") or shutil.which("llvm-nm")
    if not nm:
        print("no nm here")
        return 77
    # Of the text itself, without comments.
    text = re.sub(r"/\*.*?\*/", "", header.read_text(encoding="utf-8"), flags=re.DOTALL)
    declared = set(re.findall(r"^CLASSIFY_API [^;(]*?\b(\w+)\(", text, re.MULTILINE))
    listed = re.search(r"global:(.*?)local:\s*\*;", version_map.read_text(encoding="utf-8"), re.DOTALL)
    mapped = set(re.findall(r"\w+", listed.group(1))) if listed else set()
    output = subprocess.run([nm, "-D", "--defined-only", str(library)], check=True, capture_output=True, text=True).stdout
    rows = [line.split() for line in output.splitlines()]
    exported = {row[-1].split("@")[0] for row in rows if row[-2] not in "Aa"}
    problems = [f"{name} is in the header, not in the map" for name in sorted(declared - mapped)]
    problems += [f"{name} is in the map, not in the header" for name in sorted(mapped - declared)]
    problems += [f"{name} is declared, not exported" for name in sorted(declared - exported)]
    problems += [f"{name} is exported, not declared" for name in sorted(exported - declared)]
    print("\n".join(problems) or f"{len(exported)} functions, the same in all three")
    return bool(problems) or len(declared) < 30


if __name__ == "__main__":
    sys.exit(main())
