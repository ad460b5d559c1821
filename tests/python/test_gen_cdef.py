"""The generator of the extension's C source: takes what classify.h says, and nothing that it does not understand."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_spec = spec_from_file_location("gen_cdef", ROOT / "bindings" / "python" / "gen_cdef.py")
gen_cdef = module_from_spec(_spec)
_spec.loader.exec_module(gen_cdef)
HeaderError, cdef, main = gen_cdef.HeaderError, gen_cdef.cdef, gen_cdef.main
HEADER = (ROOT / "libclassify" / "include" / "classify.h").read_text(encoding="utf-8")


def part(text):
    return f"/* cdef: begin (more words) */\n{text}\n/* cdef: end */"


def test_takes_the_header_whole():
    declared = cdef(HEADER)
    exported = (ROOT / "libclassify" / "libclassify.map").read_text(encoding="utf-8").split("global:")[1].split("local:")[0]
    for name in exported.replace(";", " ").split():
        assert f"{name}(" in declared
    assert "#define CLASSIFY_NONE ..." in declared
    assert "/*" not in declared and "CLASSIFY_API" not in declared


def test_keeps_order_and_drops_comments():
    text = "#define A_B 3u /* three */\ntypedef struct x x;\n/* a; comment */ CLASSIFY_API int f(x *a, const char *b[2]);"
    with pytest.raises(HeaderError):
        cdef(part(text))
    assert cdef(part(text.replace("[2]", ""))) == "#define A_B ...\ntypedef struct x x;\nint f(x *a, const char *b);"
    assert cdef(part("#define A (-1)\n#define B -2")) == "#define A ...\n#define B ..."
    assert cdef(part("#define  A \\\n    2u /* two\n lines */")) == "#define A ..."


@pytest.mark.parametrize(
    "bad",
    [
        "#include <stdio.h>",
        "#if A\n#endif",
        "#define A(x) 3",
        "#define A (1 << 2)",
        '#define A "text"',
        "#define A 1.5",
        "#define A",
        "int x;",
        "static int f(int a) { return a; }",
        "CLASSIFY_API int f();",
        "CLASSIFY_API int f(int a) __attribute__((pure));",
        "CLASSIFY_API int f(int (*g)(void));",
        "CLASSIFY_API int f(int a, ...);",
        "extern int x;",
        "enum x { A, B };",
        "typedef enum { A } x;",
        "typedef struct x { int a:3; } x;",
        "typedef struct x { int a; } y;",
        "typedef struct { int a; } x;",
        "typedef struct x { struct { int a; } b; } x;",
        "typedef union x { int a; } x;",
        "typedef int x;",
        "_Static_assert(1, \"a\");",
        "CLASSIFY_API int f(int a)",
        "// a line comment",
    ],
)  # fmt: skip
def test_refuses(bad):
    with pytest.raises(HeaderError):
        cdef(part(bad))


@pytest.mark.parametrize("marks", ["", "/* cdef: begin */ int", "/* cdef: end */", part("") + part("")])
def test_refuses_missing_marks(marks):
    with pytest.raises(HeaderError, match="cdef: begin"):
        cdef(marks)


def test_long_headers_take_no_time():
    fields = "    int32_t *a_field;   /* with a comment */\n" * 5000
    with pytest.raises(HeaderError):
        cdef(part(f"typedef struct x {{\n{fields} broken(; }} x;"))


def test_command_line(tmp_path, capsys):
    pytest.importorskip("cffi")
    header, output = tmp_path / "a.h", tmp_path / "a.c"
    header.write_text(part("#define X 3\nCLASSIFY_API int f(int a);"), encoding="utf-8")
    assert main([str(output), str(header)]) == 0
    assert '#include "a.h"' in output.read_text(encoding="utf-8")
    header.write_text(part("int x;"), encoding="utf-8")
    assert main([str(output), str(header)]) == 1
    assert str(header) in capsys.readouterr().err
