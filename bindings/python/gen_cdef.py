"""Writes the C source of libclassify's extension module from the text of the C headers.

Usage: gen_cdef.py OUTPUT.c HEADER.h [HEADER.h ...]

Each header declares what the module has between two comments, `cdef: begin` and `cdef: end`. That part needs no
preprocessor: defines of numbers, structures, opaque handles and prototypes. Anything else is refused, so that the
binding cannot silently differ from the header: the numbers themselves, the layout of structures and the types of
arguments are taken from the compiler.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

MODULE = "libclassify._classify"

_PART = re.compile(r"/\*\s*cdef: begin\b.*?\*/(.*?)/\*\s*cdef: end\b.*?\*/", re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_DEFINE = re.compile(r"# ?define ([A-Z][A-Z0-9_]*) (?:\d+u?|-\d+|\(-\d+\))")
_WORDS = r"[\w\s*]+"
_ARGUMENTS = rf"\((?:void|{_WORDS}(?:,{_WORDS})*)\)"
_FIELD = rf"{_WORDS}(?:\[\d+\])?;|{_WORDS}\(\*\w+\){_ARGUMENTS};"
_STRUCT = re.compile(rf"typedef struct (\w+) \{{(?:{_FIELD})+\s*\}} \1")
_HANDLE = re.compile(r"typedef struct (\w+) \1")
_PROTOTYPE = re.compile(rf"(?:CLASSIFY_API )?(?!typedef|static|extern){_WORDS}\b\w+{_ARGUMENTS}")


class HeaderError(Exception):
    """A header says something that the binding cannot be generated from."""


def _statements(text: str) -> list[str]:
    """Top-level statements, each without its semicolon."""
    statements, depth, start = [], 0, 0
    for at, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if character == ";" and depth == 0:
            statements.append(" ".join(text[start:at].split()))
            start = at + 1
    if text[start:].strip():
        raise HeaderError(f"does not end in a semicolon: {text[start:].strip()[:80]!r}")
    return statements


def cdef(header: str) -> str:
    """The declarations of one header, as CFFI takes them.

    >>> print(cdef("/* cdef: begin */\\n#define X 3u /* three */\\nCLASSIFY_API int f(int a);\\n/* cdef: end */"))
    #define X ...
    int f(int a);
    """
    parts = _PART.findall(header)
    if len(parts) != 1:
        raise HeaderError(f"needs one part between 'cdef: begin' and 'cdef: end', and has {len(parts)}")
    defines, rest = [], []
    for line in _COMMENT.sub(" ", parts[0].replace("\\\n", " ")).splitlines():
        if "#" not in line:
            rest.append(line)
        elif match := _DEFINE.fullmatch(" ".join(line.split())):
            defines.append(f"#define {match[1]} ...")
        else:
            raise HeaderError(f"only '#define NAME number' is understood: {line.strip()!r}")
    declarations = []
    for statement in _statements("\n".join(rest)):
        if not (_STRUCT.fullmatch(statement) or _HANDLE.fullmatch(statement) or _PROTOTYPE.fullmatch(statement)):
            raise HeaderError(f"neither a structure, a handle nor a prototype: {statement[:80]!r}")
        declarations.append(statement.removeprefix("CLASSIFY_API ") + ";")
    return "\n".join(defines + declarations)


def main(arguments: list[str]) -> int:
    import cffi

    output, *headers = arguments
    builder = cffi.FFI()
    for path in headers:
        try:
            builder.cdef(cdef(Path(path).read_text(encoding="utf-8")))
        except HeaderError as error:
            print(f"{path}: {error}", file=sys.stderr)
            return 1
    includes = "\n".join(f'#include "{Path(path).name}"' for path in headers)
    builder.set_source(MODULE, includes)
    builder.emit_c_code(output)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
