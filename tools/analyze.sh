#!/bin/sh
# `make analyze`: clang-tidy (.clang-tidy) and gcc -fanalyzer over the library and the command, and some of the tests under
# valgrind. What is missing is said and left out; any finding fails. Usage: tools/analyze.sh [tidy|gcc|valgrind ...]
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
jobs=${JOBS:-2} failed=0
what=${*:-tidy gcc valgrind}
log=$(mktemp)
trap 'rm -f "$log"' EXIT INT TERM
# Those that the compiler's list of commands knows, without what only the build runs on its own machine.
sources=$(git ls-files 'libclassify/src/*.c' 'libclassify/cli/*.c' | grep -v -e gen_fold_table)

verdict() { # status, name: a warning in $log is a finding too
    if [ "$1" -ne 0 ] || grep -q -e 'warning:' -e 'error:' "$log"; then
        grep -v 'warnings generated' "$log" >&2 || true
        echo "$2: findings" >&2
        failed=1
    else
        echo "$2: clean"
    fi
}

for each in $what; do
    case $each in
    tidy)
        command -v clang-tidy >/dev/null || { echo "clang-tidy: skipped: not installed"; continue; }
        # One file a process: a second one in it makes clang 14 doubt every va_list.
        status=0
        echo "$sources" | xargs -P "$jobs" -n 1 clang-tidy -p build --quiet >"$log" 2>&1 || status=$?
        verdict "$status" clang-tidy
        ;;
    gcc)
        echo 'int main(void) { return 0; }' | gcc -fanalyzer -x c -o /dev/null - 2>/dev/null ||
            { echo "gcc -fanalyzer: skipped: no gcc that knows it"; continue; }
        # Not the two stemmers: it takes four minutes over the table of each, and clang-tidy reads them too.
        status=0
        echo "$sources" | grep -v -e stem_uk -e stem_pl | xargs -P "$jobs" -n 1 gcc -std=c11 -O2 -fanalyzer -Wno-cpp \
            -Ilibclassify/include -Ilibclassify/src -Ilibclassify/cli -Ibuild/libclassify/cli/generated -c -o /dev/null >"$log" 2>&1 ||
            status=$?
        verdict "$status" "gcc -fanalyzer (without stem_uk.c, stem_pl.c)"
        ;;
    valgrind)
        command -v valgrind >/dev/null || { echo "valgrind: skipped: not installed"; continue; }
        check="valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect"
        status=0
        for test in 'unit tokens' 'unit model' 'unit counts' 'golden scores' 'api passages'; do
            echo "$test"
        done | xargs -d '\n' meson test -C build --no-rebuild --quiet -t 20 --logbase valgrind --wrap "$check" >"$log" 2>&1 || status=$?
        {
            printf 'We will destroy the city\nThe minister met the ambassador\n' |
                $check build/classify --lines --format ndjson &&
                $check build/classify explain README.md &&
                $check build/classify --format csv CONTRIBUTING.md
        } >>"$log" 2>&1 || status=$?
        verdict "$status" "valgrind, five tests and three runs of the command"
        ;;
    *) echo "usage: tools/analyze.sh [tidy|gcc|valgrind ...]" >&2; exit 2 ;;
    esac
done
exit "$failed"
