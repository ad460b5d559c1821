#!/bin/sh
# Installs what building needs and the machine lacks: system packages through apt where that is allowed, Python tools into .venv.
# Usage: tools/bootstrap.sh build|test|python|dev
set -eu
cd "$(dirname "$0")/.."

packages="gcc make pkg-config libc6-dev libstemmer-dev libutf8proc-dev libcsv-dev python3 python3-dev python3-venv"
case "${1:-build}" in
build) requirements=tools/requirements-build.txt ;;
test) requirements=tools/requirements-test.txt ;;
python) requirements=tools/requirements-python.txt ;;
dev) requirements=tools/requirements-dev.txt
     packages="$packages clang clang-tidy libclang-rt-dev valgrind gcc-multilib qemu-user" ;;
*) echo "usage: tools/bootstrap.sh build|test|python|dev" >&2; exit 2 ;;
esac

missing=""
if command -v dpkg-query >/dev/null 2>&1; then
    for package in $packages; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
fi
if [ -n "$missing" ]; then
    line="apt-get install -y --no-install-recommends$missing"
    if [ "$(id -u)" = 0 ]; then
        as=""
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as="sudo"
    else
        echo "libclassify needs some packages. Please run:" >&2
        echo "    sudo $line" >&2
        exit 1
    fi
    echo "Installing:$missing" >&2
    log=$(mktemp)
    if ! { $as apt-get update && DEBIAN_FRONTEND=noninteractive $as $line; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        echo "Could not install them. Please run:  sudo $line" >&2
        exit 1
    fi
    rm -f "$log"
fi

# Java, for the tests of Spark alone: they are skipped where it cannot be had.
if [ "${1:-build}" = python ] && ! command -v java >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing: default-jre-headless" >&2
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends default-jre-headless; } >/dev/null 2>&1 ||
        echo "Could not install Java; the tests of Spark will be skipped" >&2
fi

[ -x .venv/bin/python ] || python3 -m venv .venv
stamp=".venv/$(basename "$requirements").$(cksum <"$requirements" | cut -d' ' -f1)"
if [ ! -e "$stamp" ]; then
    echo "Installing Python tools into .venv ..." >&2
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$requirements"
    : >"$stamp"
fi
