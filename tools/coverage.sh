#!/bin/sh
# `make coverage`: which lines and branches of libclassify/src the C tests run, by gcov; fails below 97 % of lines or 90 % of
# branches. What is left out is listed, file by file, and in build-coverage/coverage.html line by line.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
build=build-coverage
log=$(mktemp)
trap 'rm -f "$log"' EXIT INT TERM
if ! { [ -f "$build/build.ninja" ] || meson setup "$build" -Db_coverage=true -Doptimization=0 -Dcli=disabled; } >"$log" 2>&1 ||
    ! ninja -C "$build" --quiet >>"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
find "$build" -name '*.gcda' -delete
meson test -C "$build" --print-errorlogs --no-rebuild --quiet -t 5 --suite unit --suite api --suite golden --suite corrupt --suite oom --suite fuzz
gcovr --root . --object-directory "$build" --filter 'libclassify/src/' --exclude '.*gen_fold_table.c' --exclude '.*compile_default.c' \
    --gcov-ignore-parse-errors=negative_hits.warn_once_per_file --merge-mode-functions=separate --txt-metric line --txt - --html-details "$build/coverage.html" --print-summary \
    --fail-under-line 97 --fail-under-branch 90
