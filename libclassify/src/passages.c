/* passages.c - one pass sums the words of each sentence for every label; then the best sequence of labels is found.
   May include: passages.h, score.h, sentences.h.
   Must not know: files, counts. */
#include "passages.h"

#include "sentences.h"

/* What a sentence may say, and what else speaks for and against a passage, in 1/CL_WEIGHT_SCALE nats. Tuned on the odd texts of
   corpora/passages (tools/measure_passages.py). */
enum {
    CAP = 10 * CL_WEIGHT_SCALE,           /* the most that a sentence says for a label */
    CAP_WORD = 3 * CL_WEIGHT_SCALE / 8,   /* and that each of its words does, so that one word cannot decide */
    BIAS = CL_WEIGHT_SCALE / 4,           /* against a passage in a text that quotes nobody */
    BIAS_SPEECH = 8 * CL_WEIGHT_SCALE,    /* against one outside quotation marks in a text that has some */
    BIAS_NARRATOR = -2 * CL_WEIGHT_SCALE, /* but for the label of all that stands outside */
    BIAS_SAME = 4 * CL_WEIGHT_SCALE,      /* against that label inside them: somebody else speaks there */
    BIAS_QUOTED = -CL_WEIGHT_SCALE,       /* against any other label inside them */
    BIAS_NAME = 4 * CAP,                  /* against the name before a message: each message stands by itself */
    BONUS_SAYS = CL_WEIGHT_SCALE / 2,     /* for either end of a quotation beside which somebody says it */
    LEAD_WORD = CL_WEIGHT_SCALE / 8,      /* by which, for each word, what stands outside must speak for its label */
    QUOTE_WORDS = 5,                      /* fewer are a name or a phrase, unless they are a sentence */
    CHAT_NAMES = 4,                       /* that many lines, and most, begin with a name: a chat */
};
/* What a change of label costs at a border, in sixteenths of the penalty. */
enum { AT_MESSAGE = 6, AT_QUOTE = 8, AT_PARAGRAPH = 8, AT_SENTENCE = 32, INSIDE_QUOTE = 64 };

/* ---- Parts ---- */

/* A sentence, or what stands inside or outside quotation marks of it. */
typedef struct {
    size_t begin, end;
    uint32_t words;
    bool quoted, opens, closes, ends, paragraph, name;
    bool told; /* a quotation beside which somebody says it */
} text_part;

typedef struct {
    classify_scorer *s;
    const char *text;
    uint32_t covered;       /* columns of weights kept: one where the language is fixed */
    size_t columns, row;    /* labels + 1; of all languages */
    int64_t *sums, *common; /* of the part being read */
    int64_t *total;         /* scratch: one row */
    text_part *parts;
    int16_t *rows; /* [parts][covered][labels + 1]: sums less the greatest of them, then the evidence */
    size_t count, parts_capacity, rows_capacity;
    cl_sentences sentences;
    cl_sentence now;
    uint32_t words, before; /* of the part; term of the word before */
    bool reading, paragraph, failed;
} finder;

static int16_t clamp16(int64_t v) { return (int16_t)(v > INT16_MAX ? INT16_MAX : v < -INT16_MAX ? -INT16_MAX : v); }

/* Brings a language's sums to their greatest, so that they fit: only differences matter. */
static void pack(const int64_t *sums, uint32_t labels, int16_t *to) {
    int64_t best = INT64_MIN;
    for (uint32_t l = 0; l < labels; l++)
        best = sums[l] > best ? sums[l] : best;
    for (uint32_t l = 0; l < labels; l++)
        to[l] = clamp16(sums[l] - best);
    to[labels] = clamp16(sums[labels]);
}

static size_t kept(const finder *f) { return f->columns * f->covered; }

static void append_part(finder *f, const text_part *p) {
    const classify_allocator *a = &f->s->allocator;
    size_t size = kept(f);
    if (!CL_RESERVE(a, f->parts, f->parts_capacity, f->count + 1) ||
        !CL_RESERVE(a, f->rows, f->rows_capacity, (f->count + 1) * size)) {
        f->failed = true;
        return;
    }
    f->parts[f->count] = *p;
    size_t first = f->covered == f->s->model->covered ? 0 : f->s->language;
    for (size_t l = 0; l < f->covered; l++)
        pack(f->sums + (first + l) * f->columns, f->s->model->labels, f->rows + f->count * size + l * f->columns);
    f->count++;
}

/* Adds the last part to the one before. */
static void join_last(finder *f) {
    text_part *to = &f->parts[f->count - 2], *from = to + 1;
    size_t size = kept(f);
    int16_t *sums = f->rows + (f->count - 2) * size;
    for (size_t l = 0; l < f->covered; l++, sums += f->columns) {
        for (size_t i = 0; i < f->columns; i++)
            f->total[i] = sums[i] + sums[size + i];
        pack(f->total, f->s->model->labels, sums);
    }
    to->end = from->end;
    to->words += from->words;
    to->ends = from->ends;
    f->count--;
}

/* The part being read is complete. */
static void finish_part(finder *f) {
    classify_scorer *s = f->s;
    const cl_sentence *now = &f->now;
    f->reading = false;
    for (size_t i = 0; i < f->row; i++)
        s->sums[i] += f->sums[i];
    for (size_t i = 0; i < f->columns; i++)
        s->common[i] += f->common[i];
    f->paragraph |= now->paragraph;
    if (!f->words || f->failed) { /* punctuation */
        if (f->count && now->ends)
            f->parts[f->count - 1].ends = true;
    } else {
        for (size_t l = 0; l < f->row; l += f->columns)
            for (size_t i = 0; i < f->columns; i++)
                f->sums[l + i] += f->common[i];
        text_part p = {now->begin,  now->end,  f->words,     now->quoted, now->opens,
                       now->closes, now->ends, f->paragraph, now->name,   false};
        char last = f->text[now->end - 1];
        bool whole = last == '.' || last == '!' || last == '?' || last == ',';
        if (p.opens && p.closes && p.words < QUOTE_WORDS && !whole)
            p.quoted = p.opens = p.closes = false;
        append_part(f, &p);
        f->paragraph = false;
        const text_part *before = f->count > 1 ? &f->parts[f->count - 2] : NULL;
        if (before && !f->failed && !before->quoted && !p.quoted && !before->ends && !before->name && !p.paragraph)
            join_last(f);
    }
    memset(f->sums, 0, f->row * sizeof *f->sums);
    memset(f->common, 0, f->columns * sizeof *f->common);
    f->words = 0;
}

/* A remark is no evidence. */
static void forget_spread(finder *f, const cl_run_word *w) {
    classify_scorer *s = f->s;
    const classify_model *m = s->model;
    int64_t *sums = w->wide ? s->sums : s->common;
    for (uint32_t l = 0; l < (w->wide ? m->covered : 1); l++)
        sums[l * f->columns + m->labels] -= cl_spread(w->labels + l * m->row_stride, m->labels);
}

/* Hashes of the pairs that words first .. end of the run close, 0 where none can be. */
static void close_pairs(finder *f, uint32_t first, uint32_t end, uint64_t *pairs) {
    uint32_t before = f->before;
    for (uint32_t i = first; i < end; i++) {
        const cl_run_word *w = &f->s->run.words[i];
        bool closes = before != CLASSIFY_NONE && w->term != CLASSIFY_NONE && !w->breaks && !w->remark;
        pairs[i] = closes ? cl_hash_two(before, w->term) : 0;
        if (closes)
            cl_table_prefetch(&f->s->model->pair_table, pairs[i]);
        before = w->remark ? before : w->term;
    }
    f->before = before;
}

/* Adds words first .. end of the run to the parts that they lie in, and what lies between two parts to the text alone. */
static void add_run(finder *f, uint32_t first, uint32_t end) {
    classify_scorer *s = f->s;
    const classify_model *m = s->model;
    const uint8_t *wide[CL_RUN], *narrow[2 * CL_RUN], *listed[CL_RUN], *others[CL_RUN], *row;
    uint64_t pairs[CL_RUN];
    size_t wides = 0, narrows = 0, listeds = 0, other_count = 0;
    close_pairs(f, first, end, pairs);
    for (uint32_t i = first; i < end; i++) {
        const cl_run_word *w = &s->run.words[i];
        size_t begin = (size_t)(w->begin - (const uint8_t *)f->text);
        while (f->reading && begin >= f->now.end) {
            cl_add_labels(f->sums, wide, wides, m->covered, m->labels);
            cl_add_labels(f->common, narrow, narrows, 1, m->labels);
            wides = narrows = 0;
            finish_part(f);
            f->reading = cl_sentences_next(&f->sentences, &f->now);
        }
        bool inside = f->reading && begin >= f->now.begin;
        uint32_t pair = pairs[i] ? cl_pair_find(m, pairs[i], &row) : CLASSIFY_NONE;
        if (pair != CLASSIFY_NONE && inside && f->words)
            narrow[narrows++] = row;
        else if (pair != CLASSIFY_NONE)
            cl_add_labels(s->common, &row, 1, 1, m->labels);
        f->words += inside && !w->remark;
        s->result.tokens += !w->remark;
        s->result.known += w->known && !w->remark;
        if (!w->labels)
            continue;
        if (w->listed)
            listed[listeds++] = w->languages;
        else
            others[other_count++] = w->languages;
        if (!inside)
            cl_add_labels(w->wide ? s->sums : s->common, &w->labels, 1, w->wide ? m->covered : 1, m->labels);
        else if (w->wide)
            wide[wides++] = w->labels;
        else
            narrow[narrows++] = w->labels;
        if (w->remark)
            forget_spread(f, w);
    }
    cl_add_labels(f->sums, wide, wides, m->covered, m->labels);
    cl_add_labels(f->common, narrow, narrows, 1, m->labels);
    cl_add_small_rows(s->languages, listed, listeds, m->languages, CL_LANGUAGE_STEP);
    cl_add_rows(s->languages, others, other_count, m->languages);
}

static bool read_text(finder *f, size_t size) {
    classify_scorer *s = f->s;
    cl_tokenizer tokenizer;
    memset(s->sums, 0, f->row * sizeof *s->sums);
    memset(s->common, 0, f->columns * sizeof *s->common);
    memset(s->languages, 0, s->model->languages * sizeof *s->languages);
    s->result = (classify_result){.struct_size = sizeof s->result, .label = CLASSIFY_NONE, .best = CLASSIFY_NONE};
    f->before = CLASSIFY_NONE;
    cl_sentences_start(&f->sentences, f->text, size);
    f->reading = cl_sentences_next(&f->sentences, &f->now);
    cl_tokens_start(&tokenizer, f->text, size);
    for (bool more = true; more && !f->failed;) {
        s->run.count = 0;
        more = cl_run_fill(&s->run, &s->resolver, &tokenizer, &s->token);
        for (uint32_t first = 0, end; first < s->run.count; first = end) {
            end = cl_run_resolve(&s->run, &s->resolver, first);
            add_run(f, first, end);
        }
    }
    if (f->reading)
        finish_part(f);
    s->result.replaced = tokenizer.replaced;
    return !f->failed;
}

/* ---- Who says it ---- */

/* What words that tell of speech or writing begin with, sorted; none is the beginning of another. */
static const char *const speech[] = {
    "according", "added",      "adds",     "announce",   "brzmi",    "caller",  "caption",  "claimed",     "comment",
    "condemned", "czytamy",    "declared", "demand",     "doda",     "e-mail",  "email",    "groż",        "głosi",
    "insisted",  "komunika",   "leaflet",  "letter",     "list",     "message", "mówi",     "napisa",      "note",
    "odczyta",   "opublikowa", "ostrzeg",  "oznajmi",    "oświadcz", "pisz",    "podkreśl", "poinformowa", "post",
    "powiedzia", "przekaza",   "read",     "rozmówc",    "said",     "say",     "signed",   "stated",      "statement",
    "states",    "stwierdz",   "tells",    "threatened", "told",     "tweeted", "urged",    "warned",      "warning",
    "wezwa",     "wiadomoś",   "write",    "wrote",      "zagrozi",  "zaznacz", "zażąda",   "żąda",        "вимаг",
    "відпові",   "гласи",      "говорил",  "говорит",    "добави",   "додав",   "додала",   "додали",      "зазнач",
    "закли",     "зачита",     "заяв",     "йдет",       "йшлося",   "каже",    "кажуть",   "казав",       "казала",
    "казали",    "лунал",      "мовить",   "наголо",     "надісла",  "напис",   "оприлюдн", "опублик",     "опублік",
    "ответи",    "отмети",     "отмеча",   "пиш",        "повідом",  "погрож",  "подчерк",  "попередж",    "потребова",
    "предупре",  "пригроз",    "призва",   "призыв",     "прислал",  "прозвуч", "прочита",  "підкресл",    "рассказа",
    "сказа",     "сообщ",      "требова",  "угрож",      "ішлося",
};

/* The greatest entry that is not above a word is the only one that it can begin with. */
static bool is_speech(const char *word, size_t size) {
    size_t low = 0, high = sizeof speech / sizeof *speech;
    while (low < high) {
        size_t middle = (low + high) / 2, i = 0;
        const char *entry = speech[middle];
        while (i < size && entry[i] == word[i] && entry[i])
            i++;
        if (!entry[i])
            return true;
        if (i < size && (uint8_t)entry[i] < (uint8_t)word[i])
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static bool is_letter(uint8_t byte) {
    return (byte | 0x20) >= 'a' ? (byte | 0x20) <= 'z' || (byte >= 0x80 && byte != 0xC2 && byte != 0xE2) : false;
}

/* Does a word that tells of speech stand among the words from .. end? */
static bool tells(const char *text, size_t from, size_t end) {
    for (size_t at = from, word; at < end; at++) {
        for (word = at; at < end && is_letter((uint8_t)text[at]); at++)
            ;
        if (at - word > 2 && is_speech(text + word, at - word))
            return true;
    }
    return false;
}

enum { NEAR = 64 }; /* bytes */

/* Does somebody say quotation i, before or behind it? */
static bool is_told(const finder *f, size_t i) {
    const text_part *p = &f->parts[i], *before = p - 1, *behind = p + 1;
    if (p->opens && i > 0 && !before->quoted &&
        tells(f->text, before->end - before->begin > NEAR ? before->end - NEAR : before->begin, before->end))
        return true;
    return p->closes && i + 1 < f->count && !behind->quoted && !behind->paragraph &&
           tells(f->text, behind->begin, behind->end - behind->begin > NEAR ? behind->begin + NEAR : behind->end);
}

/* ---- The best sequence of labels ---- */

typedef struct {
    finder *f;
    cl_passages_call *call;
    uint32_t column, labels; /* of the kept rows; of the model */
    bool chat;               /* most lines begin with a name */
    bool quotes;             /* somebody is quoted in the text */
    uint32_t narrator;       /* the label of what stands outside quotation marks, where there are some */
    uint8_t *shown;          /* [labels]: may be a passage */
    uint32_t *states;        /* [states]: the label of each; the first is the background */
    uint32_t state_count;
    int64_t *best;  /* [states] */
    uint16_t *from; /* [parts][states]: the state before */
} labelling;

static const int16_t *row_of(const labelling *l, size_t i) { return l->f->rows + i * kept(l->f) + l->column * l->f->columns; }

/* What part i says for a state, against the best of the labels that surround. */
static int64_t says_for(const labelling *l, size_t i, uint32_t label, int32_t against) {
    const text_part *p = &l->f->parts[i];
    int32_t says = row_of(l, i)[label] - against;
    int64_t most = (int64_t)p->words * CAP_WORD;
    most = most < CAP ? most : CAP;
    return (says > most ? most : says < -most ? -most : says);
}

/* What a change of label between part i - 1 and part i costs; the text's beginning and end are borders too. */
static int64_t penalty_at(const labelling *l, size_t i) {
    const text_part *p = &l->f->parts[i], *before = p - 1;
    bool inside = i > 0 && i < l->f->count;
    int64_t weight = AT_SENTENCE;
    if (inside && (p->opens || before->closes || p->quoted != before->quoted))
        weight = AT_QUOTE;
    else if (inside && p->quoted)
        weight = INSIDE_QUOTE;
    else if (!inside || p->paragraph || before->name)
        weight = l->chat ? AT_MESSAGE : AT_PARAGRAPH;
    return l->call->penalty == CL_PENALTY_INFINITE ? INT64_MAX / 4 : l->call->penalty * weight / 16;
}

/* What speaks against a label of its own for part i, whatever its words. */
static int32_t bias_of(const labelling *l, size_t i, uint32_t label) {
    if (l->f->parts[i].name && l->chat)
        return BIAS_NAME;
    bool narrator = label == l->narrator;
    if (!l->f->parts[i].quoted)
        return narrator ? BIAS_NARRATOR : l->quotes ? BIAS_SPEECH : BIAS;
    return narrator ? BIAS_SAME : BIAS_QUOTED;
}

static void step(labelling *l, size_t i) {
    int64_t penalty = penalty_at(l, i);
    const int16_t *row = row_of(l, i);
    const text_part *p = &l->f->parts[i];
    int32_t against = -INT32_MAX, bonus = p->told ? BONUS_SAYS : 0;
    uint32_t top = 0;
    for (uint32_t k = 0; k < l->labels; k++)
        if (!l->shown[k] && row[k] > against)
            against = row[k];
    for (uint32_t k = 1; k < l->state_count; k++)
        top = l->best[k] > l->best[top] ? k : top;
    int64_t change = l->best[top] - penalty;
    uint16_t *from = l->from + i * l->state_count;
    for (uint32_t k = 0; k < l->state_count; k++) {
        bool stays = l->best[k] >= change;
        from[k] = (uint16_t)(stays ? k : top);
        l->best[k] = stays ? l->best[k] : change;
        if (k)
            l->best[k] += says_for(l, i, l->states[k], against) - bias_of(l, i, l->states[k]) + bonus;
    }
}

/* ---- Answers ---- */

static uint32_t greatest(const int64_t *sums, uint32_t count) {
    uint32_t best = 0;
    for (uint32_t i = 1; i < count; i++)
        if (sums[i] > sums[best])
            best = i;
    return best;
}

/* Is a label one that only surrounds? */
static bool surrounds(const char *list, const char *name) {
    size_t size = strlen(name);
    for (; *list; list += *list == ' ') {
        size_t item = strcspn(list, " ");
        if (item == size && !memcmp(list, name, size))
            return true;
        list += item;
    }
    return false;
}

/* Gives out parts first .. end as a passage. */
static void give(labelling *l, size_t first, size_t end, uint32_t label) {
    finder *f = l->f;
    classify_scorer *s = f->s;
    cl_passages_call *call = l->call;
    if (call->needed++ >= call->capacity || !call->passages)
        return;
    uint32_t language = f->covered == s->model->covered ? l->column : s->language;
    int64_t *sums = s->common; /* of no more use */
    memset(sums, 0, f->columns * sizeof *sums);
    for (size_t i = first; i < end; i++)
        for (size_t k = 0; k < f->columns; k++)
            sums[k] += row_of(l, i)[k];
    int64_t next = INT64_MIN;
    for (uint32_t k = 0; k < l->labels; k++) {
        sums[k] += cl_score_prior(s->model, language, k);
        next = k != label && sums[k] > next ? sums[k] : next;
    }
    cl_score_probabilities(s, language, sums, sums[l->labels], s->probabilities);
    call->passages[call->needed - 1] =
        (classify_passage){f->parts[first].begin, f->parts[end - 1].end,  label, 0, l->labels > 1 ? sums[label] - next : 0,
                           sums[l->labels],       s->probabilities[label]};
}

/* Goes back from the best end, then gives out the runs of one label. */
static void trace(labelling *l) {
    size_t count = l->f->count;
    uint32_t state = 0;
    int64_t penalty = penalty_at(l, count);
    for (uint32_t k = 1; k < l->state_count; k++)
        if (l->best[k] - penalty > l->best[state] - (state ? penalty : 0))
            state = k;
    for (size_t i = count; i-- > 0;) { /* leaves the state of part i in the first of its row */
        uint32_t before = l->from[i * l->state_count + state];
        l->from[i * l->state_count] = (uint16_t)state;
        state = before;
    }
    for (size_t i = 0, end; i < count; i = end) {
        state = l->from[i * l->state_count];
        for (end = i + 1; end < count && l->from[end * l->state_count] == state; end++)
            if (!l->call->penalty)
                break; /* each sentence stands alone */
        bool all = i == 0 && end == count && l->states[state] == l->f->s->result.label;
        if (state && !all)
            give(l, i, end, l->states[state]);
    }
}

/* Does somebody go on to say who said quotation i, as reporters do? */
static bool is_reported(const finder *f, size_t i) {
    const text_part *p = &f->parts[i], *behind = p + 1;
    return p->closes && !p->ends && i + 1 < f->count && !behind->quoted && !behind->paragraph && p->told;
}

/* The label of what stands outside quotation marks; none where a reporter speaks there. */
static uint32_t find_narrator(labelling *l) {
    int64_t *sums = l->f->s->common; /* of no more use */
    uint64_t words = 0;
    memset(sums, 0, l->f->columns * sizeof *sums);
    for (size_t i = 0; i < l->f->count; i++) {
        if (is_reported(l->f, i))
            return CLASSIFY_NONE;
        if (l->f->parts[i].quoted)
            continue;
        words += l->f->parts[i].words;
        for (size_t k = 0; k < l->labels; k++)
            sums[k] += row_of(l, i)[k];
    }
    uint32_t best = greatest(sums, l->labels);
    int64_t next = INT64_MIN;
    for (uint32_t k = 0; k < l->labels; k++)
        next = k != best && sums[k] > next ? sums[k] : next;
    return words && sums[best] - next >= (int64_t)words * LEAD_WORD ? best : CLASSIFY_NONE;
}

static bool label_parts(finder *f, cl_passages_call *call) {
    classify_scorer *s = f->s;
    const classify_allocator *a = &s->allocator;
    const classify_result *r = &s->result;
    uint32_t labels = s->model->labels, shown = 0;
    size_t names = 0, lines = 0;
    labelling l = {.f = f, .call = call, .labels = labels};
    l.column = f->covered == s->model->covered ? cl_score_column(s, r) : 0;
    l.shown = cl_alloc(a, labels, sizeof *l.shown);
    l.states = cl_alloc(a, labels + 1u, sizeof *l.states);
    l.best = cl_alloc(a, labels + 1u, sizeof *l.best);
    bool good = l.shown && l.states && l.best;
    if (good) {
        const char *list = classify_model_meta(s->model, "passages.background");
        l.states[l.state_count++] = CLASSIFY_NONE;
        for (uint32_t k = 0; k < labels; k++) {
            l.shown[k] = !surrounds(list ? list : "news other", s->model->names[k]);
            shown += l.shown[k];
        }
        if (shown == labels || !call->own)
            l.shown[r->label == CLASSIFY_NONE ? r->best : r->label] = false;
        for (uint32_t k = 0; k < labels; k++)
            if (l.shown[k])
                l.states[l.state_count++] = k;
        l.from = cl_alloc(a, f->count, l.state_count * sizeof *l.from);
        good = l.from != NULL;
    }
    if (good) {
        for (uint32_t k = 0; k < l.state_count; k++)
            l.best[k] = k ? INT64_MIN / 2 : 0;
        for (size_t i = 0; i < f->count; i++)
            l.quotes |= f->parts[i].quoted, names += f->parts[i].name, lines += f->parts[i].paragraph,
                f->parts[i].told = is_told(f, i);
        l.chat = names >= CHAT_NAMES && 2 * names > lines;
        l.narrator = l.quotes ? find_narrator(&l) : CLASSIFY_NONE;
        for (size_t i = 0; i < f->count; i++)
            step(&l, i);
        trace(&l);
    }
    if (l.from)
        cl_release(a, l.from, f->count, l.state_count * sizeof *l.from);
    cl_release(a, l.best, labels + 1u, sizeof *l.best);
    cl_release(a, l.states, labels + 1u, sizeof *l.states);
    cl_release(a, l.shown, labels, sizeof *l.shown);
    return good;
}

bool cl_passages(classify_scorer *s, const char *text, size_t size, cl_passages_call *call) {
    const classify_model *m = s->model;
    const classify_allocator *a = &s->allocator;
    finder f = {.s = s, .text = text, .columns = m->labels + 1u, .covered = s->language == CLASSIFY_NONE ? m->covered : 1};
    f.row = f.columns * m->covered;
    size_t scratch = f.row + 2 * f.columns;
    f.sums = cl_calloc(a, scratch, sizeof *f.sums);
    if (f.sums) {
        f.common = f.sums + f.row;
        f.total = f.common + f.columns;
    }
    call->needed = 0;
    bool good = f.sums && read_text(&f, size);
    if (good) {
        cl_score_answer(s, call->probabilities, call->scores);
        *call->result = s->result;
        bool known = s->result.best != CLASSIFY_NONE && s->result.reason != CLASSIFY_REASON_LANGUAGE;
        good = !known || !f.count || label_parts(&f, call);
    }
    cl_release(a, f.parts, f.parts_capacity, sizeof *f.parts);
    cl_release(a, f.rows, f.rows_capacity, sizeof *f.rows);
    cl_release(a, f.sums, scratch, sizeof *f.sums);
    return good;
}
