#!/bin/sh
# Builds the library for another kind of processor and runs the golden and unit tests there: the same bytes, the same scores.
# i386 (32 bits) by gcc -m32; s390x (big-endian) by zig's clang under qemu. Part of `make test`; where something is missing
# (gcc-multilib, qemu-user, the network) that is said, and it is skipped: status 77. Usage: tools/cross.sh i386|s390x
set -eu
cd "$(dirname "$0")/.."
arch=$1 build=build-$1
root=$PWD/$build-root
PATH="$PWD/.venv/bin:$PATH"

skip() {
    echo "$arch: skipped: $1"
    exit 77
}

case $arch in
i386)
    compiler="'gcc', '-m32', '-msse2', '-mfpmath=sse'" run="" family=x86 endian=little libraries="" ar="'ar'" werror=true
    echo 'int main(void) { return 0; }' | gcc -m32 -x c -o /dev/null - 2>/dev/null || skip "gcc -m32 does not work: install gcc-multilib"
    ;;
s390x)
    command -v qemu-s390x >/dev/null || skip "no qemu-s390x: install qemu-user"
    .venv/bin/python -m ziglang version >/dev/null 2>&1 ||
        .venv/bin/python -m pip install --quiet --disable-pip-version-check ziglang==0.16.0 2>/dev/null || skip "no ziglang to be had"
    compiler="'$PWD/.venv/bin/python', '-m', 'ziglang', 'cc', '-target', 's390x-linux-gnu.2.36', '-Wno-unused-command-line-argument'"
    run="exe_wrapper = ['qemu-s390x', '-L', '$root']" family=s390x endian=big libraries="libc6 libgcc-s1"
    ar="'$PWD/.venv/bin/python', '-m', 'ziglang', 'ar'" werror=false # zig's linker knows no --fatal-warnings
    ;;
*) echo "usage: tools/cross.sh i386|s390x" >&2; exit 2 ;;
esac

log=$(mktemp)
trap 'rm -f "$log"' EXIT INT TERM
# libstemmer and utf8proc of that processor are Debian's too, unpacked beside the build; the machine's own packages stay as they are.
if [ ! -e "$root/done" ]; then
    command -v apt-get >/dev/null || skip "no apt-get to get libstemmer and utf8proc with"
    rm -rf "$root"
    mkdir -p "$root/apt/lists/partial" "$root/apt/cache/archives/partial" "$root/debs"
    : >"$root/apt/status"
    apt() {
        apt-get -o APT::Architecture="$arch" -o APT::Architectures="$arch" -o Dir::State="$root/apt" -o APT::Sandbox::User=root \
            -o Dir::State::status="$root/apt/status" -o Dir::Cache="$root/apt/cache" "$@"
    }
    # One of several lists may fail while a mirror is updated; whether the packages come is what counts.
    (apt update -qq || true; cd "$root/debs" && apt download libstemmer-dev libutf8proc-dev $libraries) >"$log" 2>&1 ||
        skip "Debian's packages for $arch cannot be had: $(tail -n 1 "$log")"
    for package in "$root"/debs/*.deb; do
        dpkg-deb -x "$package" "$root"
    done
    rm -rf "$root/apt" "$root/debs" "$root"/usr/lib/*/*.so # the static ones are linked
    : >"$root/done"
fi
lib=$(echo "$root"/usr/lib/*-linux-gnu*)
cat >"$root/cross.ini" <<END
[binaries]
c = [$compiler]
ar = [$ar]
strip = 'true'
pkg-config = 'false'
$run
[host_machine]
system = 'linux'
cpu_family = '$family'
cpu = '$arch'
endian = '$endian'
[properties]
needs_exe_wrapper = $([ -n "$run" ] && echo true || echo false)
[built-in options]
c_args = ['-I$root/usr/include']
c_link_args = ['-L$lib']
END
if ! { [ -f "$build/build.ninja" ] || meson setup "$build" --cross-file "$root/cross.ini" -Dcli=disabled -Dwerror=$werror \
    -Doptimization=1 -Db_lundef=false; } >"$log" 2>&1 || ! ninja -C "$build" --quiet >>"$log" 2>&1; then
    tail -n 60 "$log" >&2
    exit 1
fi
echo "$arch:"
meson test -C "$build" --print-errorlogs --no-rebuild --quiet -t 10 'golden scores' 'unit bytes' 'unit counts' 'unit fold' 'unit logfix' \
    'unit model' 'unit stem' 'unit utf8' 'api status' 'api model_files' 'api passages'
# The model compiled there from models/default.counts is the one compiled here, byte for byte.
cmp "$build/libclassify/default.model" build/libclassify/default.model
echo "$arch: the default model is the same, byte for byte"
