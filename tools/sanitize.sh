#!/bin/sh
# Builds the library and its C tests with the address and undefined-behaviour sanitizers, then with the thread sanitizer, and runs
# them. Part of `make test`.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"

build() { # folder, sanitizers
    log=$(mktemp)
    if ! { [ -f "$1/build.ninja" ] || meson setup "$1" -Db_sanitize="$2" -Db_lundef=false -Dcli=disabled -Doptimization=1; } >"$log" 2>&1 ||
        ! ninja -C "$1" --quiet >>"$log" 2>&1; then
        cat "$log" >&2
        exit 1
    fi
    rm -f "$log"
}

echo "Under the address and undefined-behaviour sanitizers:"
build build-asan address,undefined
meson test -C build-asan --print-errorlogs --no-rebuild --quiet --suite unit --suite api --suite golden --suite fuzz
echo "Under the thread sanitizer:"
build build-tsan thread
meson test -C build-tsan --print-errorlogs --no-rebuild --quiet 'api threads'
