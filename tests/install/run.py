"""Installs the build into a temporary folder and builds a program against it, as a user would: shared, then static.

Usage: run.py BUILD-ROOT APP.C PREFIX LIBDIR VERSION COMPILER MESON...
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def run(command, **more):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **more)
    if done.returncode:
        raise SystemExit(f"{shlex.join(str(part) for part in command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def missing_files(prefix, libdir, version, with_command):
    major = "0"
    wanted = [
        prefix / "include/classify.h",
        libdir / "libclassify.so",
        libdir / f"libclassify.so.{major}",
        libdir / f"libclassify.so.{version}",
        libdir / "libclassify.a",
        libdir / "pkgconfig/libclassify.pc",
    ]
    if with_command:
        wanted += [
            prefix / "bin/classify",
            prefix / "share/man/man1/classify.1",
            prefix / "share/bash-completion/completions/classify",
            prefix / "share/zsh/site-functions/_classify",
            prefix / "share/fish/vendor_completions.d/classify.fish",
        ]
    return [str(path) for path in wanted if not path.exists()]


def build_and_run(compiler, app, flags, program, libdir):
    run([*compiler, app, "-o", program, *flags])
    return run([program], env={**os.environ, "LD_LIBRARY_PATH": str(libdir)}).strip()


def main():
    build, app, prefix, libdir, version, *rest = sys.argv[1:]
    split = rest.index("--")
    compiler, meson = rest[:split], rest[split + 1 :]
    if not shutil.which("pkg-config"):
        print("no pkg-config here")
        return 77
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        run([*meson, "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", root / "root"])
        prefix = root / "root" / prefix.lstrip("/")
        libdir = prefix / libdir
        with_command = (Path(build) / "classify").exists()
        missing = missing_files(prefix, libdir, version, with_command)
        if missing:
            print("not installed:\n" + "\n".join(missing))
            return 1
        os.environ.update(
            PKG_CONFIG_PATH=str(libdir / "pkgconfig"),
            PKG_CONFIG_SYSROOT_DIR=str(root / "root"),
            PKG_CONFIG_ALLOW_SYSTEM_CFLAGS="1",
            PKG_CONFIG_ALLOW_SYSTEM_LIBS="1",
        )
        if run(["pkg-config", "--modversion", "libclassify"]).strip() != version:
            print("libclassify.pc has another version")
            return 1
        flags = shlex.split(run(["pkg-config", "--cflags", "--libs", "libclassify"]))
        shared = build_and_run(compiler, app, flags, root / "shared", libdir)
        flags = shlex.split(run(["pkg-config", "--cflags", "--libs", "--static", "libclassify"]))
        flags = ["-l:libclassify.a" if flag == "-lclassify" else flag for flag in flags]
        static = build_and_run(compiler, app, flags, root / "static", root / "nowhere")
        needed = run(["readelf", "-d", root / "static"]) if shutil.which("readelf") else ""
        if "libclassify" in needed:
            print("the static program needs the shared library")
            return 1
        command = ""
        if with_command:
            command = run([prefix / "bin/classify", "--version"], env={**os.environ, "LD_LIBRARY_PATH": str(libdir)}).strip()
        print(f"shared: {shared}; static: {static}; command: {command or 'not built'}")
        return not (shared == static == "threat")


if __name__ == "__main__":
    sys.exit(main())
