/* test_passages.c - what passages promise: the whole text's answer unchanged; spans in order, disjoint, on borders of
   characters, inside the text; the same alone or between other calls; with an infinite penalty none, with no penalty each
   sentence by itself; a buffer too small; time linear in the text. Over random texts, with the embedded model and a small one;
   and golden cases. */
#include "allocator.h"
#include "fixture.h"

#include <stddef.h>
#include <time.h>

enum { MOST = 256, LABELS = 16 };

typedef struct {
    classify_passage list[MOST];
    size_t count;
    classify_result result;
    double probabilities[LABELS];
    int64_t scores[LABELS];
} found;

static classify_scorer *new_scorer(const classify_model *model, const char *language) {
    classify_scorer *scorer = NULL;
    classify_score_options options = {.struct_size = sizeof options, .language = language};
    CHECK_NEED(!classify_scorer_new(&scorer, model, &options, NULL));
    return scorer;
}

static const found *find(classify_scorer *scorer, const char *text, size_t size, int32_t penalty, uint32_t flags) {
    static found f[2];
    static int turn;
    found *now = &f[turn ^= 1];
    classify_passage_options options = {sizeof options, penalty, flags};
    memset(now, 0, sizeof *now);
    now->result.struct_size = sizeof now->result;
    int32_t status = classify_passages(scorer, text, size, &options, now->list, MOST, &now->count, &now->result,
                                       now->probabilities, now->scores, NULL);
    CHECK(status == (now->count > MOST ? CLASSIFY_ERROR_CAPACITY : CLASSIFY_OK));
    return now;
}

static bool on_border(const char *text, size_t size, size_t at) {
    return at == size || ((unsigned char)text[at] & 0xC0) != 0x80;
}

static void is_sound(const classify_model *model, const found *f, const char *text, size_t size, bool valid) {
    size_t last = 0;
    for (size_t i = 0; i < f->count && i < MOST; i++) {
        const classify_passage *p = &f->list[i];
        CHECK(p->begin >= last && p->begin < p->end && p->end <= size);
        CHECK(!valid || (on_border(text, size, p->begin) && on_border(text, size, p->end)));
        CHECK(classify_model_label(model, p->label) && !p->reserved);
        CHECK(p->probability >= 0 && p->probability <= 1 && p->evidence >= 0);
        CHECK(strcmp(classify_model_label(model, p->label), "news") != 0);
        last = p->end;
    }
}

static bool same(const found *a, const found *b) { return !memcmp(a, b, sizeof *a); }

/* ---- Random texts ---- */

/* A text that ends with the last byte of its memory: the sanitizers see it if more is read. */
static void ends_of_memory(const classify_model *model) {
    classify_scorer *scorer = new_scorer(model, NULL);
    for (int i = 0; i < 500; i++) {
        char text[40 * 60];
        size_t size = check_below((uint32_t)fixture_random(text, 60) + 1);
        char *exact = malloc(size ? size : 1);
        CHECK_NEED(exact);
        memcpy(exact, text, size);
        const found *a = find(scorer, exact, size, CLASSIFY_PENALTY_DEFAULT, CLASSIFY_PASSAGES_OTHERS),
                    *b = find(scorer, text, size, CLASSIFY_PENALTY_DEFAULT, CLASSIFY_PASSAGES_OTHERS);
        CHECK(same(a, b));
        free(exact);
    }
    classify_scorer_free(scorer);
}

static size_t random_text(char *text, size_t room, bool valid) {
    static const char *const joints[] = {" ",      ". ",       "! ",   "? ",           "... ",      ".\n",
                                         "\n\n",   " \"",      "\" ",  " «",           "». ",       "», ",
                                         " „",     "” ",       ": ",   ", ",           " — ",       "\n- ",
                                         "\n\n> ", "\nAnna: ", "\n— ", "”, he said. ", " wrote: “", ". The letter read: "};
    size_t size = 0;
    uint32_t count = check_below(30);
    while (count--) {
        const char *from = fixture_texts[check_below(FIXTURE_TEXTS)].text,
                   *joint = joints[check_below(sizeof joints / sizeof *joints)];
        for (uint32_t skip = check_below(8); skip && strchr(from, ' '); skip--)
            from = strchr(from, ' ') + 1;
        size_t length = strlen(from), most = 1 + check_below(80);
        for (length = length < most ? length : most; length && !on_border(from, strlen(from), length); length--)
            ;
        if (size + length + 8 > room)
            break;
        memcpy(text + size, from, length);
        size += length;
        memcpy(text + size, joint, strlen(joint));
        size += strlen(joint);
        if (!valid && size)
            text[check_below((uint32_t)size)] = (char)check_below(256);
    }
    return size;
}

static uint64_t digest_of(uint64_t digest, const found *f) {
    digest = check_digest(check_digest(digest, f->result.label), f->count);
    for (size_t i = 0; i < f->count && i < MOST; i++) {
        const classify_passage *p = &f->list[i];
        digest = check_digest(check_digest(check_digest(digest, p->begin), p->end), p->label);
        digest = check_digest(check_digest(digest, (uint64_t)p->score), (uint64_t)p->evidence);
    }
    return digest;
}

/* `digest`: of all passages, which are integers and the same everywhere; 0: of a model that changes. A change that is meant
   goes into CHANGELOG. */
static void properties(const classify_model *model, int rounds, uint64_t digest) {
    char text[4096];
    uint64_t passages = 0, alone_more = 0, sum = 0;
    classify_scorer *scorer = new_scorer(model, NULL), *fresh = NULL, *fixed = new_scorer(model, "uk");
    for (int round = 0; round < rounds; round++) {
        bool valid = round % 4 != 0;
        size_t size = random_text(text, sizeof text, valid);
        found whole = {.result = {.struct_size = sizeof whole.result}};
        CHECK(!classify_score(scorer, text, size, &whole.result, whole.probabilities, whole.scores, NULL));
        for (uint32_t flags = 0; flags <= CLASSIFY_PASSAGES_OTHERS; flags++) {
            found f = *find(scorer, text, size, CLASSIFY_PENALTY_DEFAULT, flags);
            is_sound(model, &f, text, size, valid);
            sum = digest_of(sum, &f);
            CHECK(!memcmp(&f.result, &whole.result, sizeof f.result) && !memcmp(f.scores, whole.scores, sizeof f.scores));
            CHECK(!memcmp(f.probabilities, whole.probabilities, sizeof f.probabilities));
            for (size_t i = 0; i < f.count && i < MOST; i++) {
                CHECK(!flags || f.list[i].label != whole.result.label);
                CHECK(f.count > 1 || f.list[i].label != whole.result.label || f.list[i].end - f.list[i].begin < size);
            }
            passages += f.count;
            if (round % 16 == 0) { /* alone is as among others */
                classify_scorer_free(fresh);
                fresh = new_scorer(model, NULL);
                CHECK(same(&f, find(fresh, text, size, CLASSIFY_PENALTY_DEFAULT, flags)));
            }
        }
        CHECK_INT(find(scorer, text, size, CLASSIFY_PENALTY_INFINITE, 0)->count, 0);
        found none = *find(scorer, text, size, CLASSIFY_PENALTY_NONE, 0);
        is_sound(model, &none, text, size, valid);
        alone_more += none.count;
        sum = digest_of(sum, &none);
        const found *other = find(fixed, text, size, 0, 0);
        is_sound(model, other, text, size, valid);
        sum = digest_of(sum, other);
    }
    CHECK(passages > 0 && alone_more > passages);
    if (digest && sum != digest)
        CHECK_FAIL("passages are others than they were, digest 0x%llx", (unsigned long long)sum);
    classify_scorer_free(scorer);
    classify_scorer_free(fresh);
    classify_scorer_free(fixed);
}

/* ---- Golden cases: passages in brackets ---- */

static void golden(const classify_model *model, const char *marked) {
    static const char *const marks[] = {"[[threat: ", "[[diplomatic: "};
    char text[4096], got[8192];
    size_t size = 0, at = 0, out = 0;
    for (const char *from = marked; *from;) {
        size_t skip = !strncmp(from, "]]", 2) ? 2 : 0;
        for (size_t i = 0; i < 2; i++)
            skip = !strncmp(from, marks[i], strlen(marks[i])) ? strlen(marks[i]) : skip;
        from += skip;
        if (!skip)
            text[size++] = *from++;
    }
    classify_scorer *scorer = new_scorer(model, NULL);
    const found *f = find(scorer, text, size, CLASSIFY_PENALTY_DEFAULT, 0);
    for (size_t i = 0; i < f->count; i++) {
        const classify_passage *p = &f->list[i];
        out += (size_t)snprintf(got + out, sizeof got - out, "%.*s[[%s: %.*s]]", (int)(p->begin - at), text + at,
                                classify_model_label(model, p->label), (int)(p->end - p->begin), text + p->begin);
        at = p->end;
    }
    snprintf(got + out, sizeof got - out, "%.*s", (int)(size - at), text + at);
    CHECK_STR(got, marked);
    classify_scorer_free(scorer);
}

static void golden_cases(const classify_model *model) {
    golden(
        model,
        "The harbour authority of Port Sallis said on Monday that its booking system had been offline since Friday night. "
        "Ferries "
        "are running on paper lists.\n\nA file left on every screen read: “[[threat: Your files are encrypted and your data is "
        "ours. Pay 40 bitcoin within 72 hours or we will publish everything and destroy your backups.]]”\n\nPolice are "
        "investigating. Passengers were asked to arrive an hour early, and the café on the pier sold twice as many rolls as "
        "usual.");
    golden(
        model,
        "У середу вночі невідомі зламали сайт районної лікарні. Працівники реєстратури вели записи від руки.\n\n«[[threat: Ми "
        "знищимо всі ваші дані, якщо не отримаємо викуп. У вас залишилося 24 години, інакше пошкодуєте!]]», — ішлося у "
        "повідомленні.\n\nПоліція відкрила провадження. Лікарня працює у звичному режимі, розповіла журналістам головна "
        "лікарка.");
    golden(model, "В четверг в порту остановили разгрузку двух судов. По словам диспетчера, причиной стала поломка крана.\n\nВ "
                  "МИД заявили: "
                  "«[[diplomatic: Министерство иностранных дел выражает глубокую обеспокоенность происходящим и призывает "
                  "стороны к диалогу. "
                  "Мы подтверждаем приверженность достигнутым договорённостям]]». Судовладельцы подсчитывают убытки, ремонт "
                  "займёт неделю.");
    golden(model, "W nocy z wtorku na środę ktoś włamał się na serwer gminnej szkoły. Lekcje odbywają się "
                  "normalnie.\n\n„[[threat: Zapłaćcie okup "
                  "w ciągu 48 godzin albo opublikujemy wszystkie dane waszych uczniów. Nie dzwońcie na policję, bo "
                  "pożałujecie!]]” – napisali "
                  "sprawcy.\n\nDyrektorka poinformowała rodziców na zebraniu, a policja szuka świadków zdarzenia.");
    golden(model, "The market opened at nine. “We sold out of plums by ten,” said the stallholder, who has been coming for "
                  "twenty years. The "
                  "next fair is in October.");
    golden(model, "");
    golden(model, "Qwx zzt.");
}

/* A text that begins in another language than it goes on in: as where its language is given. */
static void languages(const classify_model *model) {
    static const char english[] = "The fair opened on Sunday and the weather was good, said the woman who sells plums. ";
    static const char ukrainian[] =
        "У середу вночі невідомі зламали сайт районної лікарні. Працівники реєстратури вели записи від руки.\n\n«Ми знищимо "
        "всі ваші дані, якщо не отримаємо викуп. У вас залишилося 24 години, інакше пошкодуєте!», — ішлося у "
        "повідомленні.\n\nПоліція відкрила провадження. Лікарня працює у звичному режимі, розповіла головна лікарка.\n\n";
    char text[8192] = "";
    for (int i = 0; i < 6; i++)
        strcat(text, english);
    strcat(text, "\n\n");
    for (int i = 0; i < 6; i++)
        strcat(text, ukrainian);
    classify_scorer *any = new_scorer(model, NULL), *fixed = new_scorer(model, "uk");
    const found *f = find(any, text, strlen(text), CLASSIFY_PENALTY_DEFAULT, 0);
    CHECK_STR(classify_model_language(model, f->result.language), "uk");
    CHECK_INT(f->count, 6);
    CHECK(same(f, find(fixed, text, strlen(text), CLASSIFY_PENALTY_DEFAULT, 0)));
    classify_scorer_free(any);
    classify_scorer_free(fixed);
}

/* ---- Arguments, memory, time ---- */

static const char article[] =
    "Police said on Monday that servers were offline. The mayor told reporters the cause is unknown.\n\nThe note read: "
    "\"Pay the ransom now or we will leak all your files! You have 72 hours. We will come for you.\"\n\nShares fell "
    "3.5% after the company reported lower profits.";

static void arguments(const classify_model *model) {
    classify_scorer *scorer = new_scorer(model, NULL);
    classify_error error;
    memset(&error, 0x55, sizeof error);
    classify_passage list[8];
    size_t needed = 9;
    classify_passage_options options = {.struct_size = sizeof options};
    classify_result small = {.struct_size = offsetof(classify_result, language)};
    CHECK_INT(sizeof(classify_passage), 48);
    CHECK_INT(classify_passages(NULL, "", 0, NULL, list, 8, &needed, NULL, NULL, NULL, &error), CLASSIFY_ERROR_ARGUMENT);
    CHECK_INT(needed, 0);
    CHECK_INT(error.offset, 0); /* no place in the text is to blame */
    CHECK_INT(classify_passages(scorer, NULL, 1, NULL, list, 8, &needed, NULL, NULL, NULL, &error), CLASSIFY_ERROR_ARGUMENT);
    CHECK_INT(classify_passages(scorer, "", 0, NULL, list, 8, NULL, NULL, NULL, NULL, &error), CLASSIFY_ERROR_ARGUMENT);
    CHECK_INT(classify_passages(scorer, "", 0, NULL, NULL, 8, &needed, NULL, NULL, NULL, &error), CLASSIFY_ERROR_ARGUMENT);
    options.penalty = -2;
    CHECK_INT(classify_passages(scorer, "", 0, &options, list, 8, &needed, NULL, NULL, NULL, &error), CLASSIFY_ERROR_ARGUMENT);
    options = (classify_passage_options){.struct_size = sizeof options, .flags = 2};
    CHECK_INT(classify_passages(scorer, "", 0, &options, list, 8, &needed, NULL, NULL, NULL, &error), CLASSIFY_ERROR_ARGUMENT);
    options =
        (classify_passage_options){.struct_size = sizeof options.struct_size, .flags = 2}; /* of no options: all default */
    small.struct_size = sizeof small.struct_size;
    CHECK_INT(classify_passages(scorer, "", 0, &options, list, 8, &needed, &small, NULL, NULL, &error), CLASSIFY_OK);
    small.struct_size = offsetof(classify_result, language);
    options = (classify_passage_options){0};
    CHECK_INT(classify_passages(scorer, "", 0, &options, list, 8, &needed, NULL, NULL, NULL, &error), CLASSIFY_ERROR_ARGUMENT);
    CHECK_INT(classify_passages(scorer, NULL, 0, NULL, NULL, 0, &needed, &small, NULL, NULL, &error), CLASSIFY_OK);
    CHECK(small.struct_size == offsetof(classify_result, language) && small.label == CLASSIFY_NONE && !needed);
    /* A buffer too small: what fits is written. */
    options = (classify_passage_options){.struct_size = sizeof options, .penalty = CLASSIFY_PENALTY_NONE};
    CHECK_INT(classify_passages(scorer, article, sizeof article - 1, &options, list, 8, &needed, NULL, NULL, NULL, &error),
              CLASSIFY_OK);
    CHECK(needed > 1 && needed <= 8);
    size_t all = needed;
    memset(list, 0x55, sizeof list);
    CHECK_INT(classify_passages(scorer, article, sizeof article - 1, &options, list, 1, &needed, NULL, NULL, NULL, &error),
              CLASSIFY_ERROR_CAPACITY);
    CHECK(needed == all && list[0].label != 0x55555555 && list[1].label == 0x55555555);
    CHECK_INT(classify_passages(scorer, article, sizeof article - 1, &options, NULL, 0, &needed, NULL, NULL, NULL, &error),
              CLASSIFY_ERROR_CAPACITY);
    classify_scorer_free(scorer);
}

static void memory(void) {
    tally t = {0};
    classify_allocator allocator = allocator_of(&t);
    classify_model *model = fixture_model(&allocator);
    classify_scorer *scorer = new_scorer(model, NULL);
    classify_passage list[8];
    size_t needed, before = t.live, failures = 0;
    int32_t status;
    do {
        t.calls = 0, t.failed = false, t.fail_at = (long)++failures;
        status = classify_passages(scorer, article, sizeof article - 1, NULL, list, 8, &needed, NULL, NULL, NULL, NULL);
        CHECK(status == (t.failed ? CLASSIFY_ERROR_NOMEM : CLASSIFY_OK) && t.live == before);
    } while (status && failures < 100);
    CHECK(failures > 4 && failures < 100);
    t.fail_at = 0;
    classify_scorer_free(scorer);
    classify_model_free(model);
    CHECK(!t.live);
}

/* Eight times the text takes about eight times as long, whatever it is made of. */
static void linear(const classify_model *model) {
    static const char *const units[] = {
        article, "a. B! ", "\"a\" ", "«", "\n\n", "word ", "«Ні». ", "\xFF", "said: \"x y z w v u.\" "};
    enum { SMALL = 1 << 17, LARGE = SMALL * 8 };
    char *text = malloc(LARGE);
    classify_scorer *scorer = new_scorer(model, NULL);
    CHECK_NEED(text);
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        double seconds[2];
        size_t unit = strlen(units[u]), needed;
        for (size_t i = 0; i < LARGE; i++)
            text[i] = units[u][i % unit];
        for (int large = 0; large < 2; large++) {
            clock_t begin = clock();
            int32_t status =
                classify_passages(scorer, text, large ? LARGE : SMALL, NULL, NULL, 0, &needed, NULL, NULL, NULL, NULL);
            CHECK(status == (needed ? CLASSIFY_ERROR_CAPACITY : CLASSIFY_OK));
            seconds[large] = (double)(clock() - begin) / CLOCKS_PER_SEC;
        }
        if (seconds[1] > 0.5 && seconds[1] > 24 * seconds[0])
            CHECK_FAIL("'%.20s' over and over: %.3f s for %d bytes, %.3f s for eight times as many", units[u], seconds[0],
                       SMALL, seconds[1]);
    }
    classify_scorer_free(scorer);
    free(text);
}

/* Labels of one's own, none of which only surrounds: the text's own does. */
static void own_labels(void) {
    classify_counts *counts = NULL;
    classify_model *model = NULL;
    classify_compile_options how = {.struct_size = sizeof how, .smoothing = 50};
    CHECK_NEED(!classify_counts_new(&counts, NULL, NULL));
    CHECK_NEED(!classify_counts_add(counts, "ham", "en", "",
                                    "Dinner is at eight, bring the salad. The train leaves early. Thanks for the photos!", 82,
                                    NULL));
    CHECK_NEED(!classify_counts_add(counts, "spam", "en", "",
                                    "Cheap pills, buy now, limited offer. Click here to claim your prize money.", 74, NULL));
    CHECK_NEED(!classify_counts_compile(counts, &how, &model, NULL));
    classify_scorer *scorer = new_scorer(model, NULL);
    static const char text[] =
        "Dinner is at eight, bring the salad. Thanks for the photos! The train leaves early, bring the photos. Thanks!\n\nBuy "
        "cheap "
        "pills now, limited offer. Click here to claim your prize money, buy now. Claim your limited pills offer, "
        "click.\n\nDinner is early, the train leaves at eight. Thanks, bring the photos for dinner. The salad is at the train.";
    for (uint32_t flags = 0; flags <= CLASSIFY_PASSAGES_OTHERS; flags++) {
        const found *f = find(scorer, text, sizeof text - 1, 256, flags);
        classify_result whole = {.struct_size = sizeof whole};
        CHECK(!classify_score(scorer, text, sizeof text - 1, &whole, NULL, NULL, NULL));
        CHECK(!memcmp(&whole, &f->result, sizeof whole));
        CHECK_STR(classify_model_label(model, f->result.label), "ham");
        CHECK_INT(f->count, 1);
        CHECK_STR(classify_model_label(model, f->list[0].label), "spam");
        CHECK(!strncmp(text + f->list[0].begin, "Buy cheap", 9) && !strncmp(text + f->list[0].end - 6, "click.", 6));
    }
    classify_scorer_free(scorer);
    classify_model_free(model);
    classify_counts_free(counts);
}

int main(void) {
    classify_model *embedded = NULL, *small = fixture_model(NULL);
    CHECK_NEED(!classify_model_default(&embedded, NULL, NULL));
    golden_cases(embedded);
    ends_of_memory(embedded);
    languages(embedded);
    arguments(small);
    properties(embedded, 400, 0);
    check_state = 88172645463325252u;
    properties(small, 1500, UINT64_C(0xca00a46a7512fe48));
    own_labels();
    memory();
    linear(small);
    classify_model_free(embedded);
    classify_model_free(small);
    return check_result();
}
