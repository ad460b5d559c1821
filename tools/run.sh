#!/bin/sh
# `make run`: labels the sample texts and says what to try next.
set -eu
cd "$(dirname "$0")/.."
echo "build/classify on the texts of models/samples.tsv (written for this project):"
echo
tail -n +2 models/samples.tsv | cut -f3 | build/classify --lines --format tsv | cut -f1-3 >build/run.labels
tail -n +2 models/samples.tsv | cut -f3 | cut -c1-160 >build/run.texts
printf '%-11s %-6s %-5s %s\n' label prob. lang. text
paste build/run.labels build/run.texts |
    awk -F '\t' '{ text = $4; if (length(text) > 88) text = substr(text, 1, 87) "…"; printf "%-11s %-6s %-5s %s\n", $1, $2, $3, text }'
rm -f build/run.labels build/run.texts
cat <<'END'

Try next:
  echo 'Be afraid and expect the worst.' | build/classify explain     why a label
  build/classify README.md LICENSE                                    label files
  build/classify --help                                               everything else
  make test                                                           prove that it works
END
