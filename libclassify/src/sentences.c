/* sentences.c - where sentences end, decided by what stands around a mark: a table of abbreviations, and no other dictionary.
   May include: sentences.h, fold.h, utf8.h.
   Must not know: words, stems, models. */
#include "sentences.h"

#include "fold.h"
#include "utf8.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* ---- Abbreviations ---- */

typedef enum {
    NONE,
    NEVER,   /* no sentence ends with it */
    NUMBERS, /* none before a number: No. 5, ст. 191 */
    AFTER,   /* one may end where a number stands before: 1995 р. */
    STARTS   /* one ends where the next word is one that sentences begin with: Acme Inc. The ... */
} abbreviation;

typedef struct {
    char word[15];
    uint8_t kind;
} abbreviation_entry;

/* Folded as words are, without the last dot; sorted by bytes. */
static const abbreviation_entry abbreviations[] = {
    {"a.m", STARTS},    {"abp", NEVER},    {"al", NEVER},     {"amb", NEVER},   {"approx", NEVER}, {"apr", NUMBERS},
    {"art", NUMBERS},   {"aug", NUMBERS},  {"bp", NEVER},     {"bros", STARTS}, {"capt", NEVER},   {"cf", NEVER},
    {"ch", NUMBERS},    {"co", STARTS},    {"col", NEVER},    {"corp", STARTS}, {"cpt", NEVER},    {"d.c", STARTS},
    {"dec", NUMBERS},   {"dept", NEVER},   {"dr", NEVER},     {"ds", NEVER},    {"dyr", NEVER},    {"e.g", NEVER},
    {"e.u", STARTS},    {"est", NEVER},    {"feb", NUMBERS},  {"fig", NUMBERS}, {"gen", NEVER},    {"gm", NEVER},
    {"godz", NUMBERS},  {"gov", NEVER},    {"hab", NEVER},    {"hon", NEVER},   {"i.e", NEVER},    {"im", NEVER},
    {"inc", STARTS},    {"inż", NEVER},    {"j.w", NEVER},    {"jan", NUMBERS}, {"jr", STARTS},    {"jul", NUMBERS},
    {"jun", NUMBERS},   {"kpr", NEVER},    {"kpt", NEVER},    {"ks", NEVER},    {"lek", NEVER},    {"lic", NEVER},
    {"lt", NEVER},      {"ltd", STARTS},   {"m.in", NEVER},   {"maj", NEVER},   {"mar", NUMBERS},  {"med", NEVER},
    {"messrs", NEVER},  {"mgr", NEVER},    {"mjr", NEVER},    {"mr", NEVER},    {"mrs", NEVER},    {"ms", NEVER},
    {"mt", NEVER},      {"no", NUMBERS},   {"nos", NUMBERS},  {"nov", NUMBERS}, {"np", NEVER},     {"nr", NUMBERS},
    {"o", NEVER},       {"oct", NUMBERS},  {"ok", NEVER},     {"oprac", NEVER}, {"os", NEVER},     {"p", NEVER},
    {"p.m", STARTS},    {"para", NUMBERS}, {"pkt", NUMBERS},  {"pl", NEVER},    {"pn", NEVER},     {"por", NEVER},
    {"pow", NEVER},     {"poz", NUMBERS},  {"pp", NUMBERS},   {"ppłk", NEVER},  {"pres", NEVER},   {"prof", NEVER},
    {"przew", NEVER},   {"płk", NEVER},    {"r", AFTER},      {"red", NEVER},   {"rep", NEVER},    {"rev", NEVER},
    {"rozdz", NUMBERS}, {"rys", NUMBERS},  {"s", NUMBERS},    {"sec", NUMBERS}, {"sen", NEVER},    {"sep", NUMBERS},
    {"sept", NUMBERS},  {"sgt", NEVER},    {"sierż", NEVER},  {"sr", STARTS},   {"st", NEVER},     {"str", NUMBERS},
    {"sygn", NEVER},    {"t", NUMBERS},    {"tab", NUMBERS},  {"tel", NUMBERS}, {"tj", NEVER},     {"tzn", NEVER},
    {"tzw", NEVER},     {"u.k", STARTS},   {"u.n", STARTS},   {"u.s", STARTS},  {"ul", NEVER},     {"ust", NUMBERS},
    {"viz", NEVER},     {"vol", NUMBERS},  {"vs", NEVER},     {"w", AFTER},     {"wg", NEVER},     {"woj", NEVER},
    {"zast", NEVER},    {"zob", NEVER},    {"św", NEVER},     {"акад", NEVER},  {"арх", NEVER},    {"б", NEVER},
    {"б-р", NEVER},     {"буд", NEVER},    {"в", AFTER},      {"вв", AFTER},    {"вул", NEVER},    {"г", AFTER},
    {"гг", AFTER},      {"ген", NEVER},    {"гл", NUMBERS},   {"гол", NEVER},   {"голов", NEVER},  {"гос", NEVER},
    {"гр", NEVER},      {"грн", NUMBERS},  {"д", NEVER},      {"дер", NEVER},   {"див", NEVER},    {"доц", NEVER},
    {"зам", NEVER},     {"заст", NEVER},   {"зв", NEVER},     {"им", NEVER},    {"канд", NEVER},   {"кап", NEVER},
    {"кв", NUMBERS},    {"ком", NEVER},    {"корп", NEVER},   {"лейт", NEVER},  {"м", NEVER},      {"майор", NEVER},
    {"мкр", NEVER},     {"млн", NUMBERS},  {"млрд", NUMBERS}, {"наб", NEVER},   {"напр", NEVER},   {"нач", NEVER},
    {"о", NEVER},       {"обл", NEVER},    {"п", NUMBERS},    {"пер", NEVER},   {"пл", NEVER},     {"под", NEVER},
    {"подп", NEVER},    {"полк", NEVER},   {"пом", NEVER},    {"пос", NEVER},   {"пп", NUMBERS},   {"пр", NEVER},
    {"пров", NEVER},    {"просп", NEVER},  {"проф", NEVER},   {"р", AFTER},     {"р-н", NEVER},    {"ред", NEVER},
    {"рис", NUMBERS},   {"род", NEVER},    {"рр", AFTER},     {"руб", NUMBERS}, {"с", NEVER},      {"с-ще", NEVER},
    {"св", NEVER},      {"серж", NEVER},   {"см", NEVER},     {"смт", NEVER},   {"ср", NEVER},     {"ст", AFTER},
    {"ст.л", NEVER},    {"стор", NUMBERS}, {"стр", NUMBERS},  {"т.е", NEVER},   {"т.зв", NEVER},   {"т.к", NEVER},
    {"т.н", NEVER},     {"т.ч", NEVER},    {"табл", NUMBERS}, {"тел", NUMBERS}, {"техн", NEVER},   {"тзв", NEVER},
    {"тис", NUMBERS},   {"тыс", NUMBERS},  {"ул", NEVER},     {"ч", NUMBERS},   {"ш", NEVER},      {"ім", NEVER},
};

/* Words that sentences begin with, and names hardly ever. */
static const char starters[] =
    " a after an and as at but for he her his however i if in it its no on our she that the their there"
    " these they this those we what when you ";

static abbreviation find_abbreviation(const char *word, size_t size) {
    size_t low = 0, high = sizeof abbreviations / sizeof *abbreviations;
    while (low < high) {
        size_t middle = (low + high) / 2, i = 0;
        const char *entry = abbreviations[middle].word;
        while (i < size && entry[i] == word[i])
            i++;
        if (i == size && !entry[i])
            return abbreviations[middle].kind;
        if (i < size && (uint8_t)entry[i] < (uint8_t)word[i])
            low = middle + 1;
        else
            high = middle;
    }
    return NONE;
}

/* ---- Characters ---- */

/* The bytes at which something may happen; C2 leads « and », E2 the other quotation marks and the ellipsis. */
static const bool telling[256] = {['.'] = 1, ['!'] = 1, ['?'] = 1, ['"'] = 1, ['\n'] = 1, [0xC2] = 1, [0xE2] = 1};

static const uint8_t *find_telling(const uint8_t *at, const uint8_t *end) {
#if defined(__SSE2__)
    static const char bytes[] = {'!', '?', '"', '\n', (char)0xC2, (char)0xE2};
    for (; end - at >= 16; at += 16) {
        __m128i text = _mm_loadu_si128((const void *)at), found = _mm_cmpeq_epi8(text, _mm_set1_epi8('.'));
        for (size_t i = 0; i < sizeof bytes; i++)
            found = _mm_or_si128(found, _mm_cmpeq_epi8(text, _mm_set1_epi8(bytes[i])));
        if (_mm_movemask_epi8(found))
            break;
    }
#endif
    while (at < end && !telling[*at])
        at++;
    return at;
}

enum { ELLIPSIS = 0x2026, LEFT = 0xAB, RIGHT = 0xBB, HIGH_LEFT = 0x201C, HIGH_RIGHT = 0x201D, LOW = 0x201E };

static bool is_quote(uint32_t c) {
    return c == '"' || c == LEFT || c == RIGHT || c == HIGH_LEFT || c == HIGH_RIGHT || c == LOW;
}
static bool is_end(uint32_t c) { return c == '.' || c == '!' || c == '?' || c == ELLIPSIS; }
static bool is_dash(uint32_t c) { return c == '-' || (c >= 0x2012 && c <= 0x2015); }
static bool is_space(uint32_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0xFEFF || (c >= 0x2000 && c <= 0x200B) || c == 0x202F ||
           c == 0x2028 || c == 0x2029 || c == 0x3000;
}
static bool is_digit(uint32_t c) { return c >= '0' && c <= '9'; }
static bool is_letter(uint32_t c) {
    uint8_t class_ = cl_fold_lookup(c & 0x1FFFFF).class_;
    return class_ == CL_CLASS_LATIN || class_ == CL_CLASS_CYRILLIC || class_ == CL_CLASS_LETTER;
}
static bool is_upper(uint32_t c) { return cl_fold_lookup(c & 0x1FFFFF).upper; }

static uint32_t char_at(const uint8_t *at, const uint8_t *end) { return at < end ? cl_utf8_next(&at, end) : 0; }

/* Where the character before `at` begins. */
static const uint8_t *step_back(const uint8_t *at, const uint8_t *start) {
    for (int i = 0; i < 4 && at > start; i++)
        if ((*--at & 0xC0) != 0x80)
            break;
    return at;
}

static uint32_t char_before(const uint8_t *at, const uint8_t *start) {
    return at > start ? char_at(step_back(at, start), at) : 0;
}

static const uint8_t *skip_spaces(const uint8_t *at, const uint8_t *end) {
    while (at < end) {
        const uint8_t *next = at;
        if (!is_space(cl_utf8_next(&next, end)))
            break;
        at = next;
    }
    return at;
}

/* ---- What comes next ---- */

typedef enum { NEXT_END, NEXT_UPPER, NEXT_LOWER, NEXT_DIGIT, NEXT_OTHER } next_kind;

/* The first telling character behind spaces, opening marks and the dash of a reply. *word is set to it. */
static next_kind look_ahead(const uint8_t *at, const uint8_t *end, const uint8_t **word) {
    for (int i = 0; i < 6; i++) {
        at = skip_spaces(at, end);
        *word = at;
        if (at == end)
            return NEXT_END;
        uint32_t c = cl_utf8_next(&at, end);
        if (is_letter(c))
            return is_upper(c) ? NEXT_UPPER : NEXT_LOWER;
        if (is_digit(c))
            return NEXT_DIGIT;
        if (!is_quote(c) && !is_dash(c) && c != '(' && c != '[' && c != '*' && c != '\'' && c != 0x2018)
            return NEXT_OTHER;
    }
    return NEXT_OTHER;
}

static bool is_starter(const uint8_t *word, const uint8_t *end) {
    char key[12] = " ";
    size_t size = 1;
    while (word < end && size < sizeof key - 1 && (*word | 0x20) >= 'a' && (*word | 0x20) <= 'z')
        key[size++] = (char)(*word++ | 0x20);
    if (size == 1 || size == sizeof key - 1)
        return false;
    key[size++] = ' ';
    key[size] = 0;
    return strstr(starters, key) != NULL;
}

/* ---- A full stop ---- */

enum { WORD_BYTES = 20 }; /* no abbreviation, with a mark before it, is longer */

/* The word before a full stop. */
typedef struct {
    const uint8_t *begin;
    char folded[32];
    size_t size; /* of folded; 0: none, or one that is no abbreviation */
    unsigned letters, digits, dots;
    bool upper; /* its last letter */
    bool latin;
} stop_word;

static void read_word(const uint8_t *stop, const uint8_t *start, stop_word *w) {
    const uint8_t *at = stop;
    *w = (stop_word){.begin = stop};
    while (at > start && stop - at <= WORD_BYTES && at[-1] > ' ' && at[-1] != '(')
        at--;
    if (stop - at > WORD_BYTES)
        return; /* too long to be an abbreviation */
    at = stop;
    for (int i = 0; at > start && i < 8; i++) {
        const uint8_t *before = step_back(at, start);
        uint32_t c = char_at(before, at);
        if (!is_letter(c) && !is_digit(c) && c != '.' && c != '-')
            break;
        at = before;
    }
    w->begin = at;
    uint32_t c = char_before(at, start);
    if (at > start && (is_letter(c) || is_digit(c) || c == '/'))
        return; /* a longer word, or a unit */
    while (at < stop) {
        c = cl_utf8_next(&at, stop);
        cl_fold_entry e = cl_fold_lookup(c & 0x1FFFFF);
        w->dots += c == '.';
        w->digits += is_digit(c);
        if (is_letter(c))
            w->letters++, w->upper = e.upper, w->latin = e.class_ == CL_CLASS_LATIN;
        w->size += cl_utf8_put(e.fast ? e.to : c & 0x1FFFFF, w->folded + w->size);
    }
}

/* Stands a number, or the beginning of "т. д.", before the word? */
static bool follows(const uint8_t *word, const uint8_t *start, bool (*is)(uint32_t)) {
    const uint8_t *at = word;
    for (int i = 0; i < 3 && at > start; i++) {
        uint32_t c = char_before(at, start);
        if (is(c))
            return true;
        if (!is_space(c))
            return false;
        at = step_back(at, start);
    }
    return false;
}
static bool is_number(uint32_t c) { return is_digit(c) || c == 'I' || c == 'V' || c == 'X' || c == 0x425 || c == 0x406; }
static bool is_stop(uint32_t c) { return c == '.'; }

/* Does a sentence end at this one full stop, with a capital, a digit or a sign behind? */
static bool stop_ends(const cl_sentences *s, const uint8_t *stop, next_kind next, const uint8_t *word) {
    stop_word w;
    read_word(stop, s->start, &w);
    if (!w.size)
        return true;
    if (!w.letters) { /* a number: an item's, where a line begins with it */
        return s->first != w.begin || w.digits > 3;
    }
    abbreviation kind = find_abbreviation(w.folded, w.size);
    if (w.letters == 1 && !w.digits && w.size <= 2 && kind != AFTER) {
        if (!w.upper && !w.latin && follows(w.begin, s->start, is_stop))
            return next != NEXT_DIGIT; /* т. д., т. п., н. э. */
        return kind == NUMBERS && next != NEXT_DIGIT && !w.upper && w.latin;
    }
    if (kind == NONE && w.dots && w.letters == w.dots + 1)
        return w.upper ? w.latin && w.letters < 5 && is_starter(word, s->end) : next == NEXT_UPPER; /* initials; т.д. */
    switch (kind) {
    case NEVER: return false;
    case NUMBERS: return next != NEXT_DIGIT;
    case AFTER: return next == NEXT_UPPER && !w.upper && follows(w.begin, s->start, is_number);
    case STARTS: return is_starter(word, s->end);
    default: return true;
    }
}

/* ---- Quotation marks ---- */

typedef enum { QUOTE_NONE, QUOTE_OPENS, QUOTE_AGAIN, QUOTE_CLOSES } quote_turn; /* AGAIN: each paragraph of one quotation */

/* What a quotation mark at `at` does, where `depth` marks are open. */
static quote_turn turn_of(uint32_t c, const uint8_t *at, const cl_sentences *s, uint32_t depth, uint32_t outer) {
    uint32_t before = char_before(at, s->start);
    bool free = !before || is_space(before) || is_dash(before) || before == '(' || before == '[' || before == ':';
    if (c == RIGHT || c == HIGH_RIGHT)
        return depth ? QUOTE_CLOSES : QUOTE_NONE;
    if (c == HIGH_LEFT && depth && !free)
        return QUOTE_CLOSES; /* „so“ */
    if (c == '"' && !free)
        return depth ? QUOTE_CLOSES : QUOTE_NONE;
    if (!depth)
        return QUOTE_OPENS;
    return c == outer && (c == '"' || at == s->first) ? QUOTE_AGAIN : QUOTE_OPENS;
}

static void turn(cl_sentences *s, quote_turn how, uint32_t c) {
    if (how == QUOTE_OPENS && !s->depth++)
        s->outer = c;
    if (how == QUOTE_CLOSES)
        s->depth--;
}

/* At the beginning of a paragraph, inside quotation marks: do they close in it, or open again? Else one was forgotten. */
static bool quote_goes_on(const cl_sentences *s, const uint8_t *at) {
    bool first = true, line = false;
    at = skip_spaces(at, s->end);
    while (at < s->end) {
        const uint8_t *before = at;
        uint32_t c = cl_utf8_next(&at, s->end);
        if (c == '\n') {
            if (line)
                return false;
            line = true;
        } else if (!is_space(c)) {
            line = false;
        }
        if (is_quote(c)) {
            quote_turn how = turn_of(c, before, s, 1, c);
            if (how == QUOTE_CLOSES)
                return true;
            return first;
        }
        first = false;
    }
    return false;
}

/* ---- The end of a line ---- */

enum { SHORT = 25, NARROW = 40, WIDE = 90 }; /* characters: a line between was perhaps broken by a mail program */

static size_t line_length(const uint8_t *at, const uint8_t *end, size_t most) {
    size_t length = 0;
    for (; at < end && *at != '\n' && length <= most; at++)
        length += (*at & 0xC0) != 0x80;
    return length;
}

/* Behind the colon of a line that begins with the name of who speaks, as in chats; or NULL. */
static const uint8_t *name_ends(const uint8_t *at, const uint8_t *end) {
    for (int i = 0; i < 48 && at + 1 < end && *at != '\n' && *at != '?' && *at != '!'; i++, at++)
        if (*at == ':' && (at[1] == ' ' || at[1] == '\t'))
            return at + 1;
    return NULL;
}

/* Does a line begin as an item of a list or a message of a chat? */
static bool begins_item(const uint8_t *at, const uint8_t *end) {
    uint32_t c = char_at(at, end);
    if (is_dash(c) || c == '*' || c == 0x2022 || c == '[' || c == '>' || c == 0xB7)
        return true;
    const uint8_t *digits = at;
    while (digits < end && is_digit(*digits))
        digits++;
    if (digits > at && digits - at < 4 && digits < end && (*digits == '.' || *digits == ')'))
        return true;
    return name_ends(at, end) != NULL;
}

/* Does the newline at `at` end a sentence? Sets *blank where an empty line follows. */
static bool line_ends(const cl_sentences *s, const uint8_t *at, bool *blank) {
    const uint8_t *next = at + 1;
    while (next < s->end && (*next == ' ' || *next == '\t' || *next == '\r'))
        next++;
    *blank = next == s->end || *next == '\n';
    if (*blank)
        return true;
    size_t length = line_length(s->line, at, WIDE);
    uint32_t first = char_at(next, s->end);
    bool goes_on = is_letter(first) && !is_upper(first);
    if (length < (goes_on ? SHORT : NARROW) || (length > WIDE && !goes_on) || begins_item(next, s->end))
        return true;
    const uint8_t *last = at;
    while (last > s->line && is_space(last[-1]))
        last--;
    uint32_t c = char_before(last, s->line);
    if (goes_on)
        return false;
    return is_end(c) || c == ':' || is_quote(c) || line_length(next, s->end, WIDE) > WIDE;
}

/* ---- The scanner ---- */

static void set_line(cl_sentences *s, const uint8_t *at) {
    s->line = at;
    while (at < s->end && (*at == ' ' || *at == '\t'))
        at++;
    s->first = at;
}

void cl_sentences_start(cl_sentences *s, const char *text, size_t size) {
    *s = (cl_sentences){.start = (const uint8_t *)text, .paragraph = true};
    s->at = s->start;
    s->end = s->start + size;
    set_line(s, s->at);
}

/* A new line by itself begins at `at`. */
static void begin_line(cl_sentences *s, const uint8_t *at, bool blank) {
    s->paragraph = true;
    set_line(s, at);
    if (blank && s->depth && !quote_goes_on(s, at)) {
        s->depth = 0;
        s->opened = false;
    }
}

/* Passes space and quotation marks before a part. */
static void pass_gap(cl_sentences *s) {
    s->opened = s->opened && s->depth;
    while (s->at < s->end) {
        const uint8_t *next = s->at;
        uint32_t c = cl_utf8_next(&next, s->end);
        if (c == '\n') {
            bool blank;
            line_ends(s, s->at, &blank);
            begin_line(s, next, blank);
        } else if (is_quote(c)) {
            quote_turn how = turn_of(c, s->at, s, s->depth, s->outer);
            if (how == QUOTE_OPENS && s->depth)
                return; /* a name in marks begins the sentence */
            turn(s, how, c);
            s->opened = how == QUOTE_OPENS || (s->opened && s->depth);
        } else if (!is_space(c)) {
            return;
        }
        s->at = next;
    }
}

/* Passes what may stand between an end mark and the space behind it: brackets and quotation marks that close, footnotes. Cuts
   the part at the first mark that closes the quotation. */
static const uint8_t *pass_closers(cl_sentences *s, const uint8_t *at, cl_sentence *part, bool *cut) {
    while (at < s->end) {
        const uint8_t *next = at;
        uint32_t c = cl_utf8_next(&next, s->end);
        if (is_quote(c)) {
            if (turn_of(c, at, s, s->depth, s->outer) != QUOTE_CLOSES)
                return at;
            turn(s, QUOTE_CLOSES, c);
            if (!s->depth) {
                part->closes = *cut = true;
                part->end = (size_t)(at - s->start);
            }
        } else if (c == '[' && next < s->end && is_digit(*next)) {
            while (next < s->end && is_digit(*next))
                next++;
            if (next == s->end || *next++ != ']')
                return at;
        } else if (c != ')' && c != ']' && c != '\'' && c != 0x2019) {
            return at;
        }
        at = next;
        if (!*cut)
            part->end = (size_t)(at - s->start);
    }
    return at;
}

/* At an end mark: takes the run of them, with their closers, into the part. True where the part ends there. */
static bool take_marks(cl_sentences *s, const uint8_t *mark, cl_sentence *part, bool *cut) {
    const uint8_t *at = mark, *word;
    unsigned count = 0;
    bool stop = true, shut = false;
    do { /* ?). */
        for (uint32_t c; at < s->end && is_end(c = char_at(at, s->end)); count++) {
            stop &= c == '.';
            cl_utf8_next(&at, s->end);
        }
        if (!*cut)
            part->end = (size_t)(at - s->start);
        s->at = pass_closers(s, at, part, cut);
        shut |= s->at != at;
        at = s->at;
    } while (at < s->end && is_end(char_at(at, s->end)));
    next_kind next = look_ahead(at, s->end, &word);
    if (next == NEXT_END)
        return part->ends = true;
    if (next == NEXT_LOWER || (!is_space(char_at(at, s->end)) && !(next == NEXT_UPPER && (shut || !stop))))
        return *cut;
    part->ends = !stop || count != 1 || shut || stop_ends(s, mark, next, word);
    return part->ends || *cut;
}

/* At a quotation mark inside a part: true where it cuts it. */
static bool take_quote(cl_sentences *s, const uint8_t *at, uint32_t c, cl_sentence *part) {
    quote_turn how = turn_of(c, at, s, s->depth, s->outer);
    turn(s, how, c);
    if (how == QUOTE_OPENS && s->depth == 1) {
        s->opened = true;
        part->end = (size_t)(at - s->start);
        return true;
    }
    if (how == QUOTE_CLOSES && !s->depth) {
        bool cut = true;
        part->closes = true;
        part->end = (size_t)(at - s->start);
        if (is_end(char_at(s->at, s->end)))
            take_marks(s, s->at, part, &cut);
        return true;
    }
    part->end = (size_t)(s->at - s->start);
    return false;
}

/* Runs from the beginning of a part to its end. */
static void scan_part(cl_sentences *s, cl_sentence *part) {
    bool cut = false, blank;
    while (s->at < s->end) {
        const uint8_t *at = find_telling(s->at, s->end), *next = at;
        s->at = at;
        if (at == s->end)
            break;
        uint32_t c = cl_utf8_next(&next, s->end);
        if (is_end(c)) {
            if (take_marks(s, at, part, &cut))
                return;
            continue;
        }
        s->at = next;
        if (is_quote(c) && take_quote(s, at, c, part))
            return;
        if (c != '\n')
            continue;
        if (line_ends(s, at, &blank)) {
            part->ends = true;
            part->end = (size_t)(at - s->start);
            begin_line(s, next, blank);
            return;
        }
        set_line(s, next);
    }
    part->ends = true;
    part->end = (size_t)(s->end - s->start);
}

bool cl_sentences_next(cl_sentences *s, cl_sentence *part) {
    do {
        pass_gap(s);
        if (s->at == s->end)
            return false;
        size_t begin = (size_t)(s->at - s->start);
        *part = (cl_sentence){begin, begin, s->depth > 0, s->opened, false, false, s->paragraph, false};
        s->opened = s->paragraph = false;
        const uint8_t *name = part->paragraph && !part->quoted ? name_ends(s->at, s->end) : NULL;
        part->name = name && (name = skip_spaces(name, s->end)) < s->end && !is_quote(char_at(name, s->end));
        if (part->name) {
            part->end = (size_t)(name - s->start);
            s->at = name;
        } else {
            scan_part(s, part);
        }
        const uint8_t *from = s->start + begin, *to = s->start + part->end;
        while (to > from && is_space(char_before(to, from)))
            to = step_back(to, from);
        part->end = (size_t)(to - s->start);
    } while (part->end <= part->begin);
    return true;
}
