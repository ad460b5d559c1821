"""The binary interface is the one recorded in tests/api/abi.txt: exported functions, soversion, sizes of structures, offsets
and sizes of their fields, values of constants. What is recorded for 64 bits may grow at the end of structures that begin with
struct_size; anything else is a new soversion. Usage: check_abi.py CLASSIFY.H SHARED-LIBRARY ABI.TXT COMPILER [--update]
"""

import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def structures(text):
    """Name and fields of each structure."""
    for body, name in re.findall(r"typedef struct \w+ \{(.*?)\} (\w+);", text, re.DOTALL):
        fields = []
        for declaration in body.split(";"):
            function = re.search(r"\(\*(\w+)\)", declaration)
            plain = re.search(r"(\w+)(?:\[\w+\])?\s*$", declaration)
            if function or plain:
                fields.append((function or plain).group(1))
        yield name, fields


def program(text):
    lines = ["#include <classify.h>", "#include <stdio.h>", "int main(void) {"]
    for name, fields in structures(text):
        lines.append(f'printf("struct {name} %zu\\n", sizeof({name}));')
        lines += [f'printf("field {name}.{f} %zu %zu\\n", offsetof({name}, {f}), sizeof((({name} *)0)->{f}));' for f in fields]
    for name in re.findall(r"^#define (CLASSIFY_(?!VERSION|API|H\b)\w+)\s+[\d(]", text, re.MULTILINE):
        lines.append(f'printf("constant {name} %lld\\n", (long long){name});')
    return "\n".join([*lines, "return sizeof(void *) == 8 ? 0 : 77; }"])


def main():
    update = sys.argv[-1] == "--update"
    header, library, record = (Path(a) for a in sys.argv[1:4])
    readelf, nm = shutil.which("readelf"), shutil.which("nm")
    if not readelf or not nm:
        print("no readelf or nm here")
        return 77
    text = re.sub(r"/\*.*?\*/", "", header.read_text(encoding="utf-8"), flags=re.DOTALL)
    with tempfile.TemporaryDirectory() as folder:
        source, built = Path(folder) / "abi.c", Path(folder) / "abi"
        source.write_text(program(text), encoding="utf-8")
        subprocess.run([*shlex.split(sys.argv[4]), f"-I{header.parent}", "-o", built, source], check=True)
        done = subprocess.run([built], capture_output=True, text=True, check=False)
    if done.returncode:
        print("recorded for 64 bits alone")
        return 77
    dynamic = subprocess.run([readelf, "-d", library], check=True, capture_output=True, text=True).stdout
    symbols = subprocess.run([nm, "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    lines = done.stdout.splitlines() + ["soname " + re.search(r"soname: \[(.*?)\]", dynamic).group(1)]
    lines += sorted(f"function {row.split()[-1]}" for row in symbols.splitlines() if row.split()[-2] == "T")
    if update:
        record.write_text("\n".join(lines) + "\n", encoding="utf-8")
    recorded = record.read_text(encoding="utf-8").splitlines()
    problems = [f"recorded, and not so: {line}" for line in recorded if line not in lines]
    problems += [f"so, and not recorded: {line}" for line in lines if line not in recorded]
    print("\n".join(problems) or f"{len(lines)} facts, as recorded")
    return bool(problems) or len(lines) < 100


if __name__ == "__main__":
    sys.exit(main())
