"""The library keeps no mutable globals, allocates in one place, and calls nothing that prints, exits, or reads the
environment, the locale or the clock. Read from the symbols of its object files.

Usage: check_objects.py STATIC-CORE
"""

import re
import shutil
import subprocess
import sys

ALLOCATION = {
    "malloc",
    "calloc",
    "realloc",
    "free",
    "aligned_alloc",
    "posix_memalign",
    "strdup",
    "strndup",
    "reallocarray",
}
FILES = {"fopen", "fclose", "fread", "fseek", "ferror", "open", "close", "read", "fstat", "mmap", "munmap"}
NEVER = (
    "printf fprintf vprintf vfprintf puts fputs putchar fputc putc perror fwrite write stdout stderr "
    "stdin exit _exit _Exit abort quick_exit atexit raise signal system getenv secure_getenv setenv "
    "putenv setlocale localeconv newlocale uselocale nl_langinfo strcoll strxfrm isalpha isdigit isspace "
    "isupper islower tolower toupper strtod strtof atof strerror time clock gettimeofday clock_gettime "
    "localtime rand srand random strtok gets sprintf vsprintf strcpy strcat __assert_fail __ctype_b_loc "
    "__ctype_tolower_loc __ctype_toupper_loc environ "
).split()


def plain(name):
    """fprintf of __fprintf_chk, fopen of fopen64@GLIBC_2.2, memcpy of memcpy@..."""
    name = name.split("@")[0].lstrip("_") if name.endswith("_chk") else name.split("@")[0]
    return re.sub(r"(_chk|64)$", "", name)


def symbols(nm, archive):
    """Of each object file: (object, name, class letter, section)."""
    output = subprocess.run([nm, "-f", "sysv", archive], check=True, capture_output=True, text=True).stdout
    member = "?"
    for line in output.splitlines():
        found = re.search(r"[Ss]ymbols from (?:[^\[]*\[)?([^\]:]*)\]?:", line)
        if found:
            member = found.group(1)
        fields = [field.strip() for field in line.split("|")]
        if len(fields) == 7 and fields[0] != "Name":
            yield member, fields[0], fields[2], fields[6]


def main():
    nm = shutil.which("nm")
    if not nm:
        print("no nm here")
        return 77
    problems, members = [], set()
    for member, name, letter, section in symbols(nm, sys.argv[1]):
        members.add(member)
        if letter in "dDbBcCsSgG" and not section.startswith((".data.rel.ro", ".rodata")):
            problems.append(f"{member}: {name} is a writable global ({section})")
        if letter != "U":
            continue
        called = plain(name)
        if called in ALLOCATION and "alloc.c" not in member:
            problems.append(f"{member}: calls {called}, which is for alloc.c alone")
        if called in FILES and "file.c" not in member:
            problems.append(f"{member}: calls {called}, which is for file.c alone")
        if called in NEVER:
            problems.append(f"{member}: calls {called}")
    print("\n".join(problems) or f"{len(members)} object files: no writable global, no forbidden call")
    return bool(problems) or len(members) < 20


if __name__ == "__main__":
    sys.exit(main())
