#!/bin/sh
# `make run`: labels the sample texts and says what to try next.
set -eu
cd "$(dirname "$0")/.."
echo "build/classify on the texts of models/samples.tsv (written for this project):"
echo
tail -n +2 models/samples.tsv | cut -f3 | build/classify --lines --format tsv | .venv/bin/python -c '
import sys

sys.stdin.reconfigure(encoding="utf-8", newline="\n")
sys.stdout.reconfigure(encoding="utf-8")
row = "{:11} {:6} {:5} {}"
print(row.format("label", "prob.", "lang.", "text"))
for line in sys.stdin:
    label, probability, language, text = line.rstrip("\n").split("\t")
    print(row.format(label, probability, language, text if len(text) <= 88 else text[:87] + "…"))
'
cat <<'END'

Try next:
  echo 'Pay by Monday, or your files go public.' | build/classify explain     why a label
  build/classify README.md LICENSE                                    label files
  build/classify --help                                               everything else
  make test                                                           prove that it works
END
