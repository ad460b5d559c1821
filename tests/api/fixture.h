/* fixture.h - a small corpus, counts and a model of it, and random texts to score. Uses the public API alone. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "check.h"
#include "classify.h"

typedef struct {
    const char *label, *language, *source, *text;
} fixture_text;

static const fixture_text fixture_texts[] = {
    {"threat", "en", "own.a",
     "Pay the ransom now or we will leak all your files! You have 72 hours. Write to dark@mail.example.org."},
    {"threat", "en", "own.b",
     "WE WILL COME FOR YOU. Your servers are hacked, your data will be published, no one will save you!!"},
    {"threat", "en", "web",
     "We planted a bomb in your office. Send 3 bitcoin to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa or people will die."},
    {"diplomatic", "en", "own.a",
     "The Ministry of Foreign Affairs expresses its deep concern and calls on all parties to respect the ceasefire."},
    {"diplomatic", "en", "web",
     "The ambassadors reaffirmed their commitment to the treaty; the delegation welcomes the joint statement."},
    {"news", "en", "own.a",
     "Police said on Monday that two people were injured in a fire. The mayor told reporters the cause is unknown."},
    {"news", "en", "web",
     "Shares fell 3.5% after the company reported lower profits, according to https://news.example.org/markets."},
    {"threat", "uk", "own.a",
     "Заплатіть викуп, інакше ми опублікуємо всі ваші дані! У вас є 48 годин. Бійтеся і чекайте найгіршого."},
    {"threat", "uk", "web", "Ми знаємо, де ти живеш. Завтра твій дім згорить, якщо ти не мовчатимеш!!"},
    {"diplomatic", "uk", "own.a",
     "Міністерство закордонних справ України висловлює глибоке занепокоєння та закликає сторони до переговорів."},
    {"news", "uk", "own.a",
     "У Києві відкрили нову станцію метро, повідомляє пресслужба міськради. П'ять років тривало будівництво."},
    {"threat", "ru", "own.a",
     "Заплатите выкуп, иначе мы опубликуем все ваши данные! Бойтесь и ожидайте худшего. Срок - 24 часа."},
    {"threat", "ru", "web", "Мы взорвём ваш офис завтра утром. Это последнее предупреждение, деньги на кошелёк."},
    {"diplomatic", "ru", "own.a", "Министерство иностранных дел выражает обеспокоенность и призывает стороны к переговорам."},
    {"news", "ru", "own.a", "В городе открыли новую школу, сообщает пресс-служба мэрии. Строительство шло два года."},
    {"threat", "pl", "own.a",
     "Zapłaćcie okup albo opublikujemy wszystkie wasze dane! Macie 24 godziny. Bójcie się najgorszego."},
    {"diplomatic", "pl", "own.a", "Ministerstwo Spraw Zagranicznych wyraża głębokie zaniepokojenie i wzywa strony do rozmów."},
    {"news", "pl", "own.a",
     "W Krakowie otwarto nową linię tramwajową, poinformował rzecznik urzędu miasta. Budowa trwała dwa lata."},
    {"", "de", "",
     "Das Ministerium hat am Montag mitgeteilt, dass die Verhandlungen fortgesetzt werden und niemand verletzt wurde."},
    {"", "bg", "", "Министерството съобщи, че преговорите ще продължат и че няма пострадали при пожара."},
};
enum { FIXTURE_TEXTS = sizeof fixture_texts / sizeof *fixture_texts };

static inline int32_t fixture_add(classify_counts *counts, const fixture_text *t, classify_error *error) {
    return classify_counts_add(counts, t->label, t->language, t->source, t->text, strlen(t->text), error);
}

/* Counts of all texts, with metadata; NULL allocator means malloc. `refine`: with a refinement. */
static inline classify_counts *fixture_counts(const classify_allocator *allocator, int refine) {
    classify_counts *counts = NULL;
    classify_counts_options options = {.struct_size = sizeof options, .allocator = allocator};
    classify_example examples[FIXTURE_TEXTS];
    CHECK_NEED(!classify_counts_new(&counts, &options, NULL));
    for (int i = 0; i < FIXTURE_TEXTS; i++) {
        const fixture_text *t = &fixture_texts[i];
        CHECK_NEED(!fixture_add(counts, t, NULL));
        examples[i] = (classify_example){t->text, strlen(t->text), t->label, t->language, t->source};
    }
    CHECK_NEED(!classify_counts_set_meta(counts, "name", "fixture", NULL) &&
               !classify_counts_set_meta(counts, "licence", "MIT", NULL));
    classify_refine_options how = {.struct_size = sizeof how, .primary = "own", .bayes_share = 257};
    CHECK_NEED(!refine || !classify_counts_refine(counts, &how, examples, FIXTURE_TEXTS, NULL));
    return counts;
}

static inline classify_model *fixture_model(const classify_allocator *allocator) {
    classify_counts *counts = fixture_counts(allocator, 1);
    classify_model *model = NULL;
    classify_compile_options how = {.struct_size = sizeof how, .allocator = allocator, .smoothing = 50}; /* so few words */
    CHECK_NEED(!classify_counts_compile(counts, &how, &model, NULL));
    classify_counts_free(counts);
    return model;
}

/* A model's file; free() it. */
static inline uint8_t *fixture_bytes(const classify_model *model, size_t *size) {
    classify_model_write(model, NULL, 0, size, NULL);
    uint8_t *bytes = malloc(*size);
    CHECK_NEED(bytes && !classify_model_write(model, bytes, *size, size, NULL));
    return bytes;
}

static inline uint8_t *fixture_counts_bytes(classify_counts *counts, uint32_t format, size_t *size) {
    void *bytes = NULL;
    CHECK_NEED(!classify_counts_write(counts, format, &bytes, size, NULL));
    uint8_t *copy = malloc(*size + !*size);
    CHECK_NEED(copy);
    memcpy(copy, bytes, *size);
    classify_counts_free_buffer(counts, bytes, *size);
    return copy;
}

/* Little-endian numbers of a file, and its header made right again: size and checksum as FORMAT.md has them. */
static inline uint64_t fixture_get(const uint8_t *p, int bytes) {
    uint64_t v = 0;
    for (int i = bytes; i-- > 0;)
        v = v << 8 | p[i];
    return v;
}

static inline void fixture_put(uint8_t *p, int bytes, uint64_t v) {
    for (int i = 0; i < bytes; i++, v >>= 8)
        p[i] = (uint8_t)v;
}

static inline void fixture_seal(uint8_t *file, size_t size) {
    const uint8_t *p = file + 32;
    size_t left = size - 32;
    uint64_t lane[4] = {left + 1, left + 2, left + 3, left + 4}, sum = UINT64_C(0x9E3779B97F4A7C15);
    for (bool last = false; !last;) {
        uint8_t block[32] = {0};
        last = left < 32;
        memcpy(block, p, last ? left : 32);
        for (int i = 0; i < 4; i++) {
            lane[i] = (lane[i] ^ fixture_get(block + 8 * i, 8)) * UINT64_C(0x9FB21C651E98DF25);
            lane[i] ^= lane[i] >> 28;
        }
        p += last ? 0 : 32, left -= last ? 0 : 32;
    }
    for (int i = 0; i < 4; i++)
        sum = (sum ^ lane[i]) * UINT64_C(0xFF51AFD7ED558CCD), sum ^= sum >> 31;
    fixture_put(file + 16, 8, size);
    fixture_put(file + 24, 8, sum);
}

/* A random text of up to `most` pieces of the corpus, words of no language, markers and broken bytes; at most 40 * most bytes.
 */
static inline size_t fixture_random(char *text, uint32_t most) {
    static const char *const odd[] = {"qwzx",
                                      "ґвинтикрил",
                                      "niezapłacone",
                                      "загрожувати",
                                      "unthreatening",
                                      "!!",
                                      "!",
                                      "?",
                                      "...",
                                      "\n\n",
                                      "“",
                                      "🔥",
                                      "\xFF",
                                      "\xE2\x80",
                                      "\xC2\xAD",
                                      "ПЛАТИ",
                                      "NOW",
                                      "cтоп",
                                      "h4ck3d",
                                      "42",
                                      "@someone",
                                      "<BTC>",
                                      "東京",
                                      "\xCC\x81",
                                      "www.example.org",
                                      "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
                                      "опублiкуємо",
                                      "zaplaccie",
                                      ";"};
    size_t size = 0;
    uint32_t other = check_below(FIXTURE_TEXTS);
    for (uint32_t left = check_below(most + 1); left; left--) {
        if (!check_below(5)) {
            const char *piece = odd[check_below(sizeof odd / sizeof *odd)];
            memcpy(text + size, piece, strlen(piece));
            size += strlen(piece);
        } else { /* a word or two from anywhere in a text, maybe cut inside a character */
            const char *from = fixture_texts[check_below(3) ? other : check_below(FIXTURE_TEXTS)].text;
            size_t length = strlen(from), at = check_below((uint32_t)length);
            while (at > 0 && check_below(8) && from[at - 1] != ' ')
                at--;
            for (uint32_t n = 1 + check_below(28); n && from[at]; n--)
                text[size++] = from[at++];
        }
        if (check_below(6))
            text[size++] = ' ';
    }
    return size;
}

#endif
