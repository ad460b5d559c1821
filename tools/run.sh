#!/bin/sh
# `make run`: labels the sample texts and says what to try next.
set -eu
cd "$(dirname "$0")/.."
echo "build/classify on the texts of models/samples.tsv (written for this project):"
echo
tail -n +2 models/samples.tsv | cut -f3 | build/classify --lines --format tsv | .venv/bin/python -c '
import sys

print(f"{'"'label'"':11} {'"'prob.'"':6} {'"'lang.'"':5} text")
for line in sys.stdin.buffer.read().decode().splitlines():
    label, probability, language, text = line.split("\t")
    text = text if len(text) <= 88 else text[:87] + "…"
    sys.stdout.buffer.write(f"{label:11} {probability:6} {language:5} {text}\n".encode())
    sys.stdout.flush()
'
cat <<'END'

Try next:
  echo 'Be afraid and expect the worst.' | build/classify explain     why a label
  build/classify README.md LICENSE                                    label files
  build/classify --help                                               everything else
  make test                                                           prove that it works
END
