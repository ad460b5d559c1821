#!/bin/sh
# Makes both tables anew: tools/stemmers/make.sh JAR AFF DIC TEXTS_DIRECTORY WORK_DIRECTORY (README.md says where they are from).
set -e
jar=$1 aff=$2 dic=$3 texts=$4 work=$5
here=$(dirname "$0")
src=$here/../../libclassify/src
python=$(command -v pypy3 || echo python3)

[ -s "$work/pl.tsv" ] || $python "$here/lexicon_pl.py" "$jar" >"$work/pl.tsv"
[ -s "$work/uk.tsv" ] || $python "$here/lexicon_uk.py" "$aff" "$dic" >"$work/uk.tsv"
learn() {
    lang=$1 origin=$2
    shift 2
    $python "$here/learn.py" "$lang" --lexicon "$work/$lang.tsv" --irregular "$here/irregular_$lang.txt" \
        --texts "$texts/$lang".*.jsonl --header "$work/stem_${lang}_table.h" --dump "$work/$lang" --origin "$origin" \
        "word frequencies of the project's own texts, and tools/stemmers/irregular_$lang.txt. See libclassify/NOTICE.md." "$@"
    mv "$work/stem_${lang}_table.h" "$src/stem_${lang}_table.h"
}
[ "$6" = uk ] || learn pl "PoliMorf (morfologik-stemming 1.9.0, BSD-2-Clause, (c) 2013 Marcin Milkowski), with" --price 0.1 --prior 0.5
[ "$6" = pl ] || learn uk "hunspell's uk_UA 7.5.0 (MPL 1.1; this table is under the MPL 1.1 too), with" --price 0.06 --prior 1
