/* options.c - the tables of commands and options, and nothing else.
   May include: options.h.
   Must not know: how they are parsed, shown or carried out. */
#include "options.h"

#define BIT(name) (1u << COMMAND_##name)
#define ALL       ((1u << COMMAND_TOTAL) - 1)
#define LABELLED  (BIT(TRAIN) | BIT(EVAL) | BIT(COUNT) | BIT(REFINE))
#define SCORING   (BIT(LABEL) | BIT(EXPLAIN) | BIT(PASSAGES) | BIT(EVAL))
#define COMPILING (BIT(TRAIN) | BIT(COMPILE))
#define WRITING   (COMPILING | BIT(COUNT) | BIT(MERGE) | BIT(REFINE))

#define SOURCES                                                                                                                \
    "A SOURCE is a folder with one subfolder a label that holds text files; or NDJSON (.ndjson, .jsonl), one object a line "   \
    "with "                                                                                                                    \
    "the fields text, label and, where known, lang or language, and source; or CSV (.csv) with columns of those names. A "     \
    "folder "                                                                                                                  \
    "may hold such files too. - is standard input (say --ndjson, --csv or, with --label, --lines).\n\n"                        \
    "The language of a text is --language, or its own field, or else detected with the built-in model. Texts without a label " \
    "or in a language without a stemmer are reported, and the rest is used."

static const remark label_examples[] = {
    {"classify letter.txt", "label, probability, language"},
    {"classify --lines --only threat <posts.txt", "the threats among the lines"},
    {"classify --ndjson <texts.ndjson", "{\"id\": 1, \"text\": \"...\"} a line"},
    {"classify --csv --column body in.csv >out.csv", "the same rows, with answers"},
    {"classify explain letter.txt", "why: every word's weight"},
    {"classify train -o my.clm my-texts/", "a model of your own labels"},
    {0},
};
static const remark explain_examples[] = {
    {"classify explain letter.txt", "the words that decided, in the order of the text"},
    {"classify explain --format ndjson a.txt b.txt", "the integers for every label, for programs"},
    {0},
};
static const remark passages_examples[] = {
    {"classify passages article.txt", "the text with its threats and statements marked"},
    {"classify --passages --format ndjson article.txt", "the same for programs: first and last byte, label, score"},
    {0},
};
static const remark train_examples[] = {
    {"classify train -o my.clm texts/", "texts/spam/1.txt, texts/ham/2.txt, ...: labels spam and ham"},
    {"classify train -o my.clm -l pl posts.ndjson", "{\"text\": \"...\", \"label\": \"skarga\"} a line, in Polish"},
    {"classify --model my.clm new.txt", "use it"},
    {0},
};
static const remark eval_examples[] = {
    {"classify eval --model my.clm held-out/", "the model's answers beside the true labels"},
    {"classify eval --format ndjson test.ndjson", "the same for programs, one object"},
    {0},
};
static const remark count_examples[] = {
    {"classify count -o a.counts --source 2024 texts.ndjson", "count one part of a corpus, on all cores,"},
    {"classify merge -o all.counts a.counts b.counts", "put the parts together,"},
    {"classify compile -o my.clm all.counts", "and make the model"},
    {0},
};
static const remark merge_examples[] = {
    {"classify merge -o all.counts a.counts b.counts", "in any order: the same bytes"},
    {"classify merge -o all.tsv --format tsv all.counts", "as text, to read or to edit"},
    {"classify merge -o all.counts all.tsv", "and back"},
    {0},
};
static const remark refine_examples[] = {
    {"classify refine -o better.counts all.counts texts.ndjson", "the counts, with weights learned beside them"},
    {"classify refine -o b.counts --prefix written/ a.counts t.ndjson", "texts of sources written/... weigh most"},
    {0},
};
static const remark compile_examples[] = {
    {"classify compile -o my.clm all.counts", "the counts of 'classify count' become a model"},
    {"classify compile -o small.clm --max-words 20000 --no-pairs all.counts", "a small one"},
    {0},
};
static const remark info_examples[] = {
    {"classify info", "the built-in model"},
    {"classify info my.clm", "labels, languages, sizes, digest, analyzer"},
    {"classify info all.counts", "what was counted, by source, language and label"},
    {0},
};
static const remark top_examples[] = {
    {"classify top --label threat --language uk -n 50", "the fifty words that say most"},
    {"classify top --model my.clm", "each label's strongest words in each language"},
    {0},
};
static const remark stem_examples[] = {
    {"echo addresses | classify stem -l en", "address"},
    {"classify stem -l uk words.txt | sort | uniq -c", "word families of a list"},
    {0},
};
static const remark tokens_examples[] = {
    {"classify tokens letter.txt", "first and last byte, word, stem, kind"},
    {"echo 'Call 112 now!!!' | classify tokens -l en", "numbers, addresses and !!! are markers"},
    {0},
};

const command_spec command_table[COMMAND_TOTAL] = {
    [COMMAND_LABEL] =
        {NULL, "[FILE...]", "say whether a text is a threat message, a diplomatic statement or news",
         "Each FILE is one text (- or none: standard input), in English, Ukrainian, Russian or Polish, UTF-8 unless --encoding "
         "says otherwise; the answer is one line: label, probability, language, name, by tabs. The label is `unsure` where the "
         "text says too little, the language - where none was recognised.\n\n"
         "With --lines, --ndjson or --csv every record gets exactly one answer, in order, whatever it holds: an empty line of "
         "--lines is an empty text (unsure); a blank or broken line of --ndjson, a broken row of --csv and a missing field "
         "are answered with an `error` and do not change the exit status. Blank lines between CSV rows are no records. Invalid "
         "bytes are replaced, never fatal, and counted in `replaced`. A file that cannot be read is reported and has no "
         "answer; the others are still answered.\n\n"
         "TSV: the fourth column is the file's name, the line, the id or the column's text; tab, newline, backslash and "
         "control "
         "characters in it are written \\t, \\n, \\\\, \\xHH. NDJSON: id (as it came), label (null: unsure), probability, "
         "probabilities, language, evidence (nats), reason (why unsure: empty, unknown-words, language, little-evidence, "
         "too-close), replaced; a broken line has error and line. CSV: the input's columns and label, probability, language, "
         "evidence, reason, error.\n\n"
         "A file that bears the name of a command is reached as ./stem or after --.",
         label_examples, 0, -1},
    [COMMAND_EXPLAIN] =
        {"explain", "[FILE...]", "show what every word of a text weighed",
         "For each text: its words, markers and pairs of neighbouring stems with their first and last byte, and what each adds "
         "to "
         "the score of the best label and of the runner-up, as the model's integers and their difference in nats. Prior and "
         "sums "
         "are exact: they are the score. With --format ndjson: the integers of every label, and the spans in bytes.",
         explain_examples, 0, -1},
    [COMMAND_PASSAGES] =
        {"passages", "[FILE...]", "show where in a text a threat or a statement stands",
         "Prints each text with its passages marked: the sentences, or quoted words, that carry a label of their own. In "
         "colour "
         "on a terminal, else as [[label: words]]. What only surrounds (news and other in the built-in model) is never marked.",
         passages_examples, 0, -1},
    [COMMAND_TRAIN] = {"train", "-o MODEL SOURCE...", "make a model of your own labels from labelled texts",
                       SOURCES
                       "\n\nThe model is the one that count, refine and compile make. The file appears whole or not at all.",
                       train_examples, 1, -1},
    [COMMAND_EVAL] =
        {"eval", "[--model MODEL] SOURCE...", "measure a model on labelled texts",
         "Labels the texts and compares: confusion matrix, recall, precision and F1 of each label, their means, and how "
         "far the probabilities can be believed (calibration error, reliability table). Unsure counts as a miss.\n\n" SOURCES,
         eval_examples, 1, -1},
    [COMMAND_COUNT] = {"count", "-o COUNTS SOURCE...", "count the words of labelled texts",
                       SOURCES
                       "\n\nA record whose label is the empty string only teaches its language. Counts merge exactly: any "
                       "split of a corpus, merged in any order, gives the same bytes. --label counts every text of plain "
                       "files (or, with --lines, every line) under one label.",
                       count_examples, 1, -1},
    [COMMAND_MERGE] =
        {"merge", "-o COUNTS COUNTS...", "add counts, convert or prune them",
         "Adds counts files of either format (binary or TSV); with one file it converts. Rare words can be left out "
         "with --min-words and --min-pairs.",
         merge_examples, 1, -1},
    [COMMAND_REFINE] =
        {"refine", "-o COUNTS COUNTS SOURCE...", "learn weights from the texts again, beside their counts",
         "One more pass over texts that were counted: softmax regression over the same features, in integers, kept beside "
         "the counts, which stay as they are. Models compiled from them sum both. The same counts and texts in the "
         "same order give the same bytes.\n\n" SOURCES,
         refine_examples, 2, -1},
    [COMMAND_COMPILE] =
        {"compile", "-o MODEL COUNTS", "make a model from counts",
         "The same counts and options give the same bytes on every platform. A model is bound to the stemmers it was "
         "compiled with; the counts are not: keep them.",
         compile_examples, 1, 1},
    [COMMAND_INFO] =
        {"info", "[MODEL|COUNTS]", "describe a model or counts",
         "Without a file: the built-in model. A model made with other stemmers is described too, and said to be one.",
         info_examples, 0, 1},
    [COMMAND_TOP] =
        {"top", "[--model MODEL]", "list the strongest words of each label",
         "One line a feature: label, language, nats, feature. The nats are how much more the feature speaks for the label "
         "than for the next best one.",
         top_examples, 0, 0},
    [COMMAND_STEM] =
        {"stem", "-l LANGUAGE [FILE...]", "stem words, one a line",
         "A word a line in, its stem a line out, in order; line N of the output belongs to line N of the input. A line "
         "of several words gives their stems by spaces.",
         stem_examples, 0, -1},
    [COMMAND_TOKENS] = {"tokens", "[-l LANGUAGE] [FILE...]", "show words and stems as the model sees them",
                        "One line a token: first byte, byte after the last, folded word, stem, word or marker. A blank line "
                        "stands where a sentence ends. Without -l the language is detected.",
                        tokens_examples, 0, -1},
};

const option_spec option_table[] = {
    {OPTION_LINES, 0, "lines", NULL, NULL, "each line is a text", BIT(LABEL)},
    {OPTION_LINES, 0, "lines", NULL, NULL, "each line is a text (needs --label)", LABELLED},
    {OPTION_NDJSON, 0, "ndjson", NULL, NULL, "each line is a JSON object with a text in it", BIT(LABEL)},
    {OPTION_NDJSON, 0, "ndjson", NULL, NULL, "sources are NDJSON, whatever they are called", LABELLED},
    {OPTION_FIELD, 0, "field", "NAME", NULL, "field of the text in NDJSON (default: text)", BIT(LABEL) | LABELLED},
    {OPTION_CSV, 0, "csv", NULL, NULL, "each row of a table is a record", BIT(LABEL)},
    {OPTION_CSV, 0, "csv", NULL, NULL, "sources are CSV, whatever they are called", LABELLED},
    {OPTION_COLUMN, 0, "column", "NAME", NULL, "column of the text, name or number (default: text)", BIT(LABEL) | LABELLED},
    {OPTION_DELIMITER, 0, "delimiter", "C", NULL, "between CSV fields: , ; or tab (default: ,)", BIT(LABEL) | LABELLED},
    {OPTION_NO_HEADER, 0, "no-header", NULL, NULL, "the first CSV row is a record, not names", BIT(LABEL)},
    {OPTION_FORMAT, 0, "format", "FORMAT", "tsv ndjson csv", "of the answers: tsv, ndjson or csv", BIT(LABEL)},
    {OPTION_FORMAT, 0, "format", "FORMAT", "text ndjson", "text or ndjson (default: text)",
     BIT(EXPLAIN) | BIT(EVAL) | BIT(INFO)},
    {OPTION_FORMAT, 0, "format", "FORMAT", "tsv ndjson", "tsv or ndjson (default: tsv)", BIT(TOKENS) | BIT(TOP)},
    {OPTION_FORMAT, 0, "format", "FORMAT", "binary tsv", "of the counts: binary or tsv (default: binary)",
     BIT(COUNT) | BIT(MERGE) | BIT(REFINE)},
    {OPTION_OUTPUT, 'o', "output", "FILE", "FILE", "file to write (-: standard output)", WRITING},
    {OPTION_MODEL, 'm', "model", "FILE", "FILE", "a model file (default: the built-in model)", SCORING | BIT(TOP)},
    {OPTION_LANGUAGE, 'l', "language", "CODE", "en uk ru pl", "en, uk, ru or pl: do not detect",
     BIT(LABEL) | BIT(EXPLAIN) | BIT(PASSAGES)},
    {OPTION_LANGUAGE, 'l', "language", "CODE", "en uk ru pl", "en, uk, ru or pl", BIT(STEM) | BIT(TOKENS) | BIT(TOP)},
    {OPTION_LANGUAGE, 'l', "language", "CODE", NULL, "the language of all texts", LABELLED},
    {OPTION_ONLY, 0, "only", "LABEL", NULL, "print only these, or `unsure`; exit 1 for none", BIT(LABEL)},
    {OPTION_MIN_PROBABILITY, 'p', "min-probability", "P", NULL, "below P (0-1) the answer is unsure", BIT(LABEL) | BIT(EVAL)},
    {OPTION_LABEL, 0, "label", "LABEL", NULL, "the label of all texts", LABELLED},
    {OPTION_LABEL, 0, "label", "LABEL", NULL, "of this label only", BIT(TOP)},
    {OPTION_SOURCE, 0, "source", "NAME", NULL, "where the texts are from; sources are balanced",
     BIT(TRAIN) | BIT(COUNT) | BIT(REFINE)},
    {OPTION_META, 0, "meta", "KEY=VALUE", NULL, "metadata, such as name=mine or licence=MIT", WRITING},
    {OPTION_MIN_WORDS, 0, "min-words", "N", NULL, "leave out words in fewer than N texts", BIT(MERGE)},
    {OPTION_MIN_PAIRS, 0, "min-pairs", "N", NULL, "leave out pairs in fewer than N texts", BIT(MERGE)},
    {OPTION_PREFIX, 0, "prefix", "SOURCE", NULL, "leave out only in sources that begin so", BIT(MERGE)},
    {OPTION_NO_REFINE, 0, "no-refine", NULL, NULL, "naive Bayes alone: faster, and as a rule less right", BIT(TRAIN)},
    {OPTION_PREFIX, 0, "prefix", "SOURCE", NULL, "sources that begin with one of these, split by commas, matter most",
     BIT(REFINE)},
    {OPTION_PRIMARY_FACTOR, 0, "primary-factor", "N", NULL,
     "what they weigh beside others of their size, of 256 (default: 768, three times)", BIT(REFINE)},
    {OPTION_EPOCHS, 0, "epochs", "N", NULL, "passes over the texts (default: 7)", BIT(REFINE) | BIT(TRAIN)},
    {OPTION_BAYES_SHARE, 0, "bayes-share", "N", NULL, "of naive Bayes in the sum, of 256, plus one; 1: none of it",
     BIT(REFINE)},
    {OPTION_MAX_PAIRS, 0, "max-pairs", "N", NULL, "pairs whose weights are kept (default: 60000)", BIT(REFINE)},
    {OPTION_MAX_PARTS, 0, "max-parts", "N", NULL, "pieces of words whose weights are kept (default: 40000)", BIT(REFINE)},
    {OPTION_SMOOTHING, 0, "smoothing", "N", NULL,
     "words of background added to each label (default: 3000, at most a tenth of all)", COMPILING},
    {OPTION_LABEL_WORDS, 0, "label-words", "N", NULL, "words to which each label of a language is brought", COMPILING},
    {OPTION_MAX_WORDS, 0, "max-words", "N", NULL, "words kept, the most telling first", COMPILING},
    {OPTION_MAX_PAIRS, 0, "max-pairs", "N", NULL, "pairs kept", COMPILING},
    {OPTION_MAX_PARTS, 0, "max-parts", "N", NULL, "pieces of words kept, for unknown words", COMPILING},
    {OPTION_NO_PAIRS, 0, "no-pairs", NULL, NULL, "no pairs of neighbouring words", COMPILING},
    {OPTION_NO_PARTS, 0, "no-parts", NULL, NULL, "no pieces of words", COMPILING},
    {OPTION_NUMBER, 'n', "number", "N", NULL, "lines for each label and language (default: 20)", BIT(TOP)},
    {OPTION_JOBS, 'j', "jobs", "N", NULL, "threads (default, 0: all cores); order is kept", BIT(LABEL)},
    {OPTION_JOBS, 'j', "jobs", "N", NULL, "threads that count (default, 0: all cores); the same bytes for any N",
     BIT(COUNT) | BIT(TRAIN)},
    {OPTION_ENCODING, 0, "encoding", "NAME", "utf-8 utf-16 windows-1251 koi8-u koi8-r iso-8859-2 windows-1250",
     "of the input: windows-1251, koi8-u, utf-16, ...", ALL & ~(BIT(MERGE) | BIT(COMPILE) | BIT(INFO) | BIT(TOP))},
    {OPTION_LINE_BUFFERED, 0, "line-buffered", NULL, NULL, "answer each record as soon as it is there", BIT(LABEL) | BIT(STEM)},
    {OPTION_PASSAGES, 0, "passages", NULL, NULL, "list where in each text a threat or a statement stands", BIT(LABEL)},
    {OPTION_PROGRESS, 0, "progress", "WHEN", "auto always never", "auto (a terminal, after 1 s), always or never",
     BIT(LABEL) | LABELLED},
    {OPTION_HELP, 'h', "help", NULL, NULL, "this text", ALL},
    {OPTION_VERSION, 'V', "version", NULL, NULL, "the version", ALL},
    {OPTION_GENERATE, 0, "generate", "WHAT", "man bash zsh fish", NULL, BIT(LABEL)},
};
const size_t option_count = sizeof option_table / sizeof *option_table;

const remark exit_statuses[] = {
    {"0", "done"},
    {"1", "--only printed nothing"},
    {"2", "wrong usage, input that cannot be read, or a failed write"},
    {"3", "a model or counts that cannot be used"},
    {0},
};
