#!/usr/bin/env python3
"""Runs what README.md shows: its C program, built against the library, and its shell sessions.

    check_readme.py README CLASSIFY LIBRARY INCLUDE [CC]

Probabilities are compared as far as the page shows them, cut to one decimal. Standard library only.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def shortened(text):
    """With one decimal of each probability."""
    return re.sub(r"\b([01]\.\d)\d+", r"\1", text)


def check_sessions(text, classify):
    environment = {**os.environ, "PATH": os.path.dirname(os.path.abspath(classify)) + os.pathsep + os.environ["PATH"]}
    commands = 0
    for block in blocks(text, "console"):
        for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.M):
            run = subprocess.run(command, shell=True, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            got = run.stdout.decode()
            if shortened(got) != shortened(expected):
                sys.exit(f"README: $ {command}\nexpected:\n{expected}\ngot:\n{got}")
            commands += 1
    return commands


def check_program(text, library, include, compiler):
    programs = blocks(text, "c")
    for program in programs:
        with tempfile.TemporaryDirectory() as folder:
            source, binary = os.path.join(folder, "app.c"), os.path.join(folder, "app")
            with open(source, "w", encoding="utf-8") as file:
                file.write(program)
            command = [
                *shlex.split(compiler),
                "-std=c11",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-I",
                include,
                source,
                library,
            ]
            subprocess.run([*command, "-lstemmer", "-lutf8proc", "-lm", "-o", binary], check=True)
            got = subprocess.run([binary], stdout=subprocess.PIPE, check=True).stdout.decode()
            if got != "threat\n":
                sys.exit(f"README: its C program printed {got!r}")
    return len(programs)


def main():
    readme, classify, library, include = sys.argv[1:5]
    with open(readme, encoding="utf-8") as file:
        text = file.read()
    commands = check_sessions(text, classify)
    programs = check_program(text, library, include, sys.argv[5] if len(sys.argv) > 5 else "cc")
    if not commands or not programs:
        sys.exit("README: no session or no program found")
    print(f"{commands} commands and {programs} program as shown")


if __name__ == "__main__":
    main()
