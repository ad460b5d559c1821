#!/bin/sh
# `make model`: rebuilds models/default.counts from the texts, with its calibration, then the command with it, then the card's figures.
set -eu
cd "$(dirname "$0")/.."
train=../shared/data/train
if [ ! -d "$train" ]; then
    echo "make model: there are no public collections at $train: the model would be made of corpora/ alone, and be worse." >&2
    echo "Set LIBCLASSIFY_CORPORA_ONLY=1 to do that all the same." >&2
    [ -n "${LIBCLASSIFY_CORPORA_ONLY:-}" ] || exit 1
    train=-
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp build/classify "$work/classify" # the one that is embedded now detects no language here: all texts say theirs
echo "Calibrating on batches left out (about a minute) ..." >&2
python3 tools/calibrate.py "$work/classify" corpora $([ "$train" = - ] || echo "$train") >"$work/calibration"
echo "Counting and refining ..." >&2
xargs -d '\n' -a "$work/calibration" python3 tools/make_counts.py "$work/classify" corpora "$train" models/default.counts \
    name=default license=MIT
echo "Compiling and measuring ..." >&2
.venv/bin/ninja -C build --quiet
python3 tools/model_card.py build/classify corpora models/README.md ../shared
ls -l models/default.counts
