/* sentence_stop.c - does a full stop end a sentence? A table of abbreviations, and what stands around it.
   May include: sentence_stop.h, sentence_text.h, fold.h, utf8.h.
   Must not know: words, stems, models. */
#include "sentence_stop.h"

#include "sentence_text.h"

#include <string.h>

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
    {"a.m", STARTS},  {"abp", NEVER},     {"al", NEVER},     {"amb", NEVER},    {"approx", NEVER}, {"apr", NUMBERS},
    {"art", NUMBERS}, {"aug", NUMBERS},   {"bp", NEVER},     {"bros", STARTS},  {"capt", NEVER},   {"cf", NEVER},
    {"ch", NUMBERS},  {"co", STARTS},     {"col", NEVER},    {"corp", STARTS},  {"cpt", NEVER},    {"d.c", STARTS},
    {"dec", NUMBERS}, {"dept", NEVER},    {"dn", NEVER},     {"dr", NEVER},     {"ds", NEVER},     {"dyr", NEVER},
    {"e.g", NEVER},   {"e.u", STARTS},    {"est", NEVER},    {"feb", NUMBERS},  {"fig", NUMBERS},  {"gen", NEVER},
    {"gm", NEVER},    {"godz", NUMBERS},  {"gov", NEVER},    {"hab", NEVER},    {"hon", NEVER},    {"i.e", NEVER},
    {"im", NEVER},    {"inc", STARTS},    {"inż", NEVER},    {"j.w", NEVER},    {"jan", NUMBERS},  {"jr", STARTS},
    {"jul", NUMBERS}, {"jun", NUMBERS},   {"kpr", NEVER},    {"kpt", NEVER},    {"ks", NEVER},     {"lek", NEVER},
    {"lic", NEVER},   {"lt", NEVER},      {"ltd", STARTS},   {"m.in", NEVER},   {"maj", NEVER},    {"mar", NUMBERS},
    {"med", NEVER},   {"messrs", NEVER},  {"mgr", NEVER},    {"mjr", NEVER},    {"mr", NEVER},     {"mrs", NEVER},
    {"ms", NEVER},    {"mt", NEVER},      {"no", NUMBERS},   {"nos", NUMBERS},  {"nov", NUMBERS},  {"np", NEVER},
    {"nr", NUMBERS},  {"o", NEVER},       {"oct", NUMBERS},  {"ok", NEVER},     {"oprac", NEVER},  {"os", NEVER},
    {"p", NEVER},     {"p.m", STARTS},    {"para", NUMBERS}, {"pkt", NUMBERS},  {"pl", NEVER},     {"pn", NEVER},
    {"por", NEVER},   {"pow", NEVER},     {"poz", NUMBERS},  {"pp", NUMBERS},   {"ppłk", NEVER},   {"pres", NEVER},
    {"prof", NEVER},  {"przew", NEVER},   {"płk", NEVER},    {"r", AFTER},      {"red", NEVER},    {"rep", NEVER},
    {"rev", NEVER},   {"rozdz", NUMBERS}, {"rys", NUMBERS},  {"s", NUMBERS},    {"sec", NUMBERS},  {"sen", NEVER},
    {"sep", NUMBERS}, {"sept", NUMBERS},  {"sgt", NEVER},    {"sierż", NEVER},  {"sr", STARTS},    {"st", NEVER},
    {"str", NUMBERS}, {"sygn", NEVER},    {"t", NUMBERS},    {"tab", NUMBERS},  {"tel", NUMBERS},  {"tj", NEVER},
    {"tzn", NEVER},   {"tzw", NEVER},     {"u.k", STARTS},   {"u.n", STARTS},   {"u.s", STARTS},   {"ul", NEVER},
    {"ust", NUMBERS}, {"viz", NEVER},     {"vol", NUMBERS},  {"vs", NEVER},     {"w", AFTER},      {"wg", NEVER},
    {"woj", NEVER},   {"zast", NEVER},    {"zob", NEVER},    {"św", NEVER},     {"акад", NEVER},   {"арх", NEVER},
    {"б", NEVER},     {"б-р", NEVER},     {"бл", NEVER},     {"буд", NEVER},    {"бульв", NEVER},  {"в", AFTER},
    {"вв", AFTER},    {"вид", NEVER},     {"вул", NEVER},    {"г", AFTER},      {"гг", AFTER},     {"ген", NEVER},
    {"гл", NUMBERS},  {"гол", NEVER},     {"голов", NEVER},  {"гос", NEVER},    {"гр", NEVER},     {"грн", NUMBERS},
    {"д", NEVER},     {"дер", NEVER},     {"див", NEVER},    {"доц", NEVER},    {"зам", NEVER},    {"заст", NEVER},
    {"зв", NEVER},    {"изд", NEVER},     {"им", NEVER},     {"инж", NEVER},    {"канд", NEVER},   {"кап", NEVER},
    {"кв", NUMBERS},  {"ком", NEVER},     {"корп", NEVER},   {"лейт", NEVER},   {"м", NEVER},      {"майор", NEVER},
    {"мкр", NEVER},   {"млн", NUMBERS},   {"млрд", NUMBERS}, {"наб", NEVER},    {"напр", NEVER},   {"нач", NEVER},
    {"о", NEVER},     {"обл", NEVER},     {"ок", NEVER},     {"п", NUMBERS},    {"пер", NEVER},    {"пл", NEVER},
    {"под", NEVER},   {"подп", NEVER},    {"полк", NEVER},   {"пом", NEVER},    {"пос", NEVER},    {"пп", NUMBERS},
    {"пр", NEVER},    {"пров", NEVER},    {"просп", NEVER},  {"проф", NEVER},   {"р", AFTER},      {"р-н", NEVER},
    {"ред", NEVER},   {"рис", NUMBERS},   {"род", NEVER},    {"рр", AFTER},     {"руб", NUMBERS},  {"с", NEVER},
    {"с-ще", NEVER},  {"св", NEVER},      {"серж", NEVER},   {"см", NEVER},     {"смт", NEVER},    {"ср", NEVER},
    {"ст", AFTER},    {"ст.л", NEVER},    {"стор", NUMBERS}, {"стр", NUMBERS},  {"т.е", NEVER},    {"т.зв", NEVER},
    {"т.к", NEVER},   {"т.н", NEVER},     {"т.ч", NEVER},    {"табл", NUMBERS}, {"тел", NUMBERS},  {"техн", NEVER},
    {"тзв", NEVER},   {"тис", NUMBERS},   {"тов", NEVER},    {"тыс", NUMBERS},  {"ул", NEVER},     {"ч", NUMBERS},
    {"ш", NEVER},     {"ім", NEVER},      {"інж", NEVER},
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

/* ---- What comes next ---- */

cl_next cl_look_ahead(const uint8_t *at, const uint8_t *end, const uint8_t **word) {
    for (int i = 0; i < 6; i++) {
        at = skip_spaces(at, end);
        *word = at;
        if (at == end)
            return CL_NEXT_END;
        uint32_t c = cl_utf8_next(&at, end);
        if (is_letter(c))
            return is_upper(c) ? CL_NEXT_UPPER : CL_NEXT_LOWER;
        if (is_digit(c))
            return CL_NEXT_DIGIT;
        if (!is_quote(c) && !is_dash(c) && c != '(' && c != '[' && c != '*' && c != '\'' && c != 0x2018)
            return CL_NEXT_OTHER;
    }
    return CL_NEXT_OTHER;
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

enum { LONG = 7 }; /* letters: no abbreviation has so many */

/* Do so many letters stand before a full stop that they are no abbreviation? */
static bool is_long(const uint8_t *stop, const uint8_t *start) {
    for (int i = 0; i < LONG; i++) {
        if (stop == start)
            return false;
        if ((uint8_t)((stop[-1] | 0x20) - 'a') < 26) {
            stop--;
            continue;
        }
        const uint8_t *before = step_back(stop, start);
        if (stop[-1] < 0x80 || !is_letter(char_at(before, stop)))
            return false;
        stop = before;
    }
    return true;
}

bool cl_stop_ends(const cl_sentences *s, const uint8_t *stop, cl_next next, const uint8_t *word) {
    if (is_long(stop, s->start))
        return true;
    stop_word w;
    read_word(stop, s->start, &w);
    if (!w.size)
        return true;
    if (!w.letters) /* a number: an item's, where a line or a sentence begins with it */
        return w.digits > 3 || (s->first != w.begin && (s->begun != w.begin || w.digits > 2));
    abbreviation kind = find_abbreviation(w.folded, w.size);
    if (w.letters == 1 && !w.digits && w.size <= 2 && kind != AFTER) {
        if (!w.upper && !w.latin && follows(w.begin, s->start, is_stop))
            return next != CL_NEXT_DIGIT; /* т. д., т. п., н. э. */
        return kind == NUMBERS && next != CL_NEXT_DIGIT && !w.upper && w.latin;
    }
    if (kind == NONE && w.dots && w.letters == w.dots + 1)
        return w.upper ? w.latin && w.letters < 5 && is_starter(word, s->end) : next == CL_NEXT_UPPER; /* initials; т.д. */
    switch (kind) {
    case NEVER: return false;
    case NUMBERS: return next != CL_NEXT_DIGIT;
    case AFTER: return next == CL_NEXT_UPPER && !w.upper && follows(w.begin, s->start, is_number);
    case STARTS: return is_starter(word, s->end);
    default: return true;
    }
}
