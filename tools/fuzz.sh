#!/bin/sh
# `make fuzz MINUTES=n`: runs every fuzz target for n minutes, one after the other, and prints what each did. What
# the fuzzer finds worth keeping lies in build-fuzz/kept/TARGET; what breaks a target, in build-fuzz/found, and the status is 1.
# Usage: tools/fuzz.sh MINUTES [TARGET...]; FUZZER=afl takes AFL++ (Debian's afl++) instead of clang's libFuzzer.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
PATH="$root/.venv/bin:$PATH"
minutes=${1:-5}
[ $# -gt 0 ] && shift
fuzzer=${FUZZER:-libfuzzer}
case $fuzzer in
libfuzzer) build=build-fuzz compiler=clang sanitizers=address,undefined ;;
afl) build=build-afl compiler=afl-clang-fast sanitizers=none ;;
*) echo "FUZZER is libfuzzer or afl" >&2; exit 2 ;;
esac
command -v "$compiler" >/dev/null || { echo "no $compiler here: install Debian's clang and libclang-rt-dev, or afl++" >&2; exit 2; }

log=$(mktemp)
trap 'rm -f "$log"' EXIT INT TERM
if ! { [ -f "$build/build.ninja" ] || CC=$compiler meson setup "$build" -Db_sanitize=$sanitizers -Db_lundef=false \
    -Doptimization=1 -Dcli=disabled -Dc_args=-fsanitize=fuzzer-no-link; } >"$log" 2>&1 || ! ninja -C "$build" --quiet >>"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi

mkdir -p "$build/kept" "$build/found"
[ $# -gt 0 ] || set -- $(cd tests/fuzz && ls fuzz_*.c | sed 's/fuzz_//; s/\.c//')
failed=0
for target in "$@"; do
    program=$build/tests/fuzz/fuzz_$target
    [ -x "$program" ] || { echo "$target: not built here"; continue; }
    work=$build/kept/$target
    seconds=$((minutes * 60)) budget=-max_total_time=$seconds
    [ "$minutes" -gt 0 ] || budget=-runs=0 # the seeds alone; to libFuzzer no time is all the time
    mkdir -p "$work"
    if [ "$fuzzer" = libfuzzer ]; then
        "$program" $budget -dict="tests/fuzz/$target.dict" -max_len=4096 -timeout=60 -rss_limit_mb=4096 -print_final_stats=1 \
            -artifact_prefix="$build/found/$target-" "$work" "tests/fuzz/corpus/$target" >"$build/$target.log" 2>&1 || failed=1
        awk -v target="$target" '/ cov: /{for (i = 1; i < NF; i++) {if ($i == "cov:") cov = $(i+1); if ($i == "ft:") ft = $(i+1)}}
            /number_of_executed_units/{runs = $2} /SUMMARY|ERROR: libFuzzer|does not hold/{broke = broke "\n    " $0}
            END {printf "%s: %d runs, %d edges, %d features%s\n", target, runs, cov, ft, broke}' "$build/$target.log"
    else
        AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1 AFL_AUTORESUME=1 \
            afl-fuzz -V $seconds -t 20000 -m none -x "tests/fuzz/$target.dict" -i "tests/fuzz/corpus/$target" -o "$work" "$program" \
            >"$build/$target.log" 2>&1 || failed=1
        awk -F ' *: *' -v target="$target" '{v[$1] = $2} END {printf "%s: %s runs, %s of %s edges, %s crashes, %s hangs\n",
            target, v["execs_done"], v["edges_found"], v["total_edges"], v["saved_crashes"], v["saved_hangs"];
            exit v["saved_crashes"] + v["saved_hangs"] > 0}' "$work/default/fuzzer_stats" || failed=1
    fi
done
exit $failed
