/* test_tokens.c - the pass over a text: words, markers, spans, ends of sentences; and what holds for any bytes. */
#include "bytes.h"
#include "check.h"
#include "tokens.h"
#include "utf8.h"

/* The tokens of a text as a line: folded forms, '/' before one that a sentence ends before. */
static void tokens(const char *text, const char *want) {
    cl_tokenizer t;
    cl_token token;
    char got[2048] = "";
    size_t at = 0, size = strlen(text);
    char *copy = malloc(size + !size); /* of its exact size, so that a sanitizer sees a read beyond it */
    CHECK_NEED(copy);
    memcpy(copy, text, size);
    cl_tokens_start(&t, copy, size);
    while (cl_tokens_next(&t, &token)) {
        if (at)
            got[at++] = ' ';
        if (token.breaks)
            got[at++] = '/';
        at += cl_token_utf8(&token, got + at);
        got[at] = 0;
    }
    free(copy);
    if (strcmp(got, want))
        CHECK_FAIL("\"%s\"\n    gives \"%s\"\n    not   \"%s\"", text, got, want);
}

static void words_and_sentences(void) {
    tokens("", "");
    tokens(" \t\r\n ", "");
    tokens("One two three. Four", "one two three /four");
    tokens("One; two, three: four - five (six)", "one /two three four five six");
    tokens("Why? Yes! No!! Well... Так… ні", "why <?> /yes <!> /no <!!> /well <...> /так <...> /ні");
    tokens("what??? hm!?", "what <?> /hm <!> /<?>");
    tokens("line\nnext\n\nparagraph\r\n \t\r\nlast", "line next /paragraph /last");
    tokens("a.b c.d", "a /b c /d"); /* no domain: no address */
    tokens("well-known попереджаю-вас e-mail", "well known попереджаю вас e mail");
    tokens("«Ні», “so” „tak”", "<quote> ні <quote> <quote> so <quote> <quote> tak <quote>");
    tokens("ok 👍 → 🔥🔥", "ok <emoji> <emoji> <emoji>");
    tokens("\xE2\x80\xA9next", "/next");
}

static void markers(void) {
    tokens("7 12:30 1.000,50 2'000 3/4 24.02.2022 5.", "<number> <number> <number> <number> <number> <number> <number>");
    tokens("1,2,x 1,,2 10% $5", "<number> x <number> <number> <number> <number>");
    tokens("see https://example.org/a?b=c. Next", "see <url> /next");
    tokens("http://a (www.b.c) hxxps://evil.example/x, ftp://h/", "<url> <url> <url> <url>");
    tokens("http:// https:/x www. httpx://a", "http https x www /httpx a");
    tokens("HTTPS://EXAMPLE.ORG", "<url>");
    tokens("http://abcdefghijklmnop.onion/x abcdefghijklmnop.onion", "<onion> <onion>");
    tokens("vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd.onion!", "<onion> <!>");
    tokens("short.onion", "short /onion");
    tokens("mail me: some.body+x@mail.example.org, now", "mail me <email> now");
    tokens("a@b a@b.c a@b.co @ x@", "a b a b /c <email> x");
    tokens("ask @some_one or @x", "ask <user> or x");
    tokens("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "<wallet>");
    tokens("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "<wallet>");
    tokens("0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe", "<wallet>");
    tokens("44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A", "<wallet>");
    tokens("<URL> <email> <BTC> <Phone> <USER> <onion> <NAME> <name>x <tag>",
           "<url> <email> <wallet> <number> <user> <onion> x tag");
    tokens("we WILL COME FOR you", "we will come <shout> for you");
    tokens("ONE TWO lower THREE FOUR", "one two <shout> lower three four <shout>");
    tokens("ПЛАТІТЬ НЕГАЙНО! А то", "платіть негайно <shout> <!> /а то");
    tokens("THE USA IS", "the usa <shout> is");
    /* One run, and one marker, however long a text is in capitals: short words do not break it. */
    tokens("WE KNOW WHO YOU ARE. GO, OR I WILL COME", "we know who <shout> you are /go or i will come");
    tokens("МИ ВАС ЗНАЙДЕМО І ТИ ПІДЕШ", "ми вас знайдемо <shout> і ти підеш");
    tokens("ONE on TWO of THREE", "one on two of three");
    tokens("UN NATO eu NATO", "un nato eu nato");
}

/* A run of letters too long to be a word is one marker, over all of it. */
static void long_words(void) {
    char text[1200];
    cl_tokenizer t;
    cl_token token;
    memset(text, 'w', sizeof text);
    for (size_t size = 60; size < 70; size++) {
        cl_tokens_start(&t, text, size);
        CHECK(cl_tokens_next(&t, &token) && token.begin == 0 && token.end == size);
        CHECK_INT(token.marker, size > CL_WORD_MAX ? CL_MARKER_LONG : CL_MARKER_NONE);
        CHECK_INT(token.length, size > CL_WORD_MAX ? strlen("<long>") : size);
        CHECK(!cl_tokens_next(&t, &token));
    }
    /* Sixty letters, each with a stress mark, are a word of sixty letters. */
    for (size_t i = 0; i < 60; i++)
        memcpy(text + 3 * i, "w\xCC\x81", 3);
    cl_tokens_start(&t, text, 180);
    CHECK(cl_tokens_next(&t, &token) && !token.marker && token.length == 60 && token.end == 180);
    /* More bytes than a word may have, in fewer characters. */
    memset(text, 'w', sizeof text);
    for (size_t i = 0; i < 128; i++)
        memcpy(text + 4 + 2 * i, "\xC2\xAD", 2);
    memcpy(text, "\xC3\x9F", 2); /* no letter of the fast path */
    cl_tokens_start(&t, text, 270);
    CHECK(cl_tokens_next(&t, &token) && token.end == 270 && token.marker == CL_MARKER_LONG);
    tokens("<LONG> long", "long long"); /* no mask */
}

/* ---- Any bytes ---- */

static const char *const pieces[] = {"a",
                                     "Ж",
                                     "ж",
                                     "й",
                                     "ß",
                                     "ﬁ",
                                     "\xCC\x81",
                                     "\xC2\xAD",
                                     "\xE2\x80\x8B",
                                     "'",
                                     "’",
                                     "0",
                                     "12",
                                     ".",
                                     ",",
                                     ":",
                                     "/",
                                     "@",
                                     "<",
                                     ">",
                                     "<URL>",
                                     "<name>",
                                     "http://",
                                     "www.",
                                     ".onion",
                                     "!",
                                     "!!",
                                     "?",
                                     "…",
                                     "\n",
                                     "\n\n",
                                     " ",
                                     "  ",
                                     "\t",
                                     "\"",
                                     "«",
                                     "🔥",
                                     "東",
                                     "\x80",
                                     "\xFF",
                                     "\xE2\x80",
                                     "\xF0\x9F",
                                     "\xED\xA0\x80",
                                     "\0",
                                     "bc1q",
                                     "A",
                                     "ABC",
                                     "ПРИВІТ",
                                     "word",
                                     "слово",
                                     "x@y.zz",
                                     "%",
                                     "+",
                                     "_",
                                     "-",
                                     "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
                                     "4",
                                     "c",
                                     "с",
                                     "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
                                     "Ⅷ",
                                     "İ",
                                     "\xEF\xB7\xBA"};
enum { PIECES = sizeof pieces / sizeof *pieces };

static char *random_text(size_t *size) {
    size_t room = 1 + check_below(60);
    char *text = malloc(room * 70);
    CHECK_NEED(text);
    *size = 0;
    for (size_t i = 0; i < room; i++) {
        const char *piece = pieces[check_below(PIECES)];
        size_t length = *piece ? strlen(piece) : 1;
        memcpy(text + *size, piece, length);
        *size += length;
        if (!check_below(10))
            text[(*size)++] = (char)check_below(256);
    }
    char *exact = malloc(*size);
    CHECK_NEED(exact);
    memcpy(exact, text, *size);
    free(text);
    return exact;
}

/* The fast way gives the same tokens, but for their code points. */
static void same_unspelled(const char *text, size_t size) {
    cl_tokenizer spelled, unspelled;
    cl_token x, y;
    char *copy = malloc(size + !size); /* of its exact size, so that a sanitizer sees a read beyond it */
    CHECK_NEED(copy);
    memcpy(copy, text, size);
    cl_tokens_start(&spelled, copy, size);
    cl_tokens_start(&unspelled, copy, size);
    unspelled.unspelled = true;
    while (cl_tokens_next(&spelled, &x)) {
        if (!cl_tokens_next(&unspelled, &y) || x.begin != y.begin || x.end != y.end || x.hash != y.hash ||
            x.marker != y.marker || x.breaks != y.breaks || x.latin != y.latin || x.cyrillic != y.cyrillic ||
            x.size != y.size || memcmp(x.folded, y.folded, x.size)) {
            CHECK_FAIL("%.*s is another token where it is not spelled", (int)(x.end - x.begin), copy + x.begin);
            break;
        }
    }
    CHECK(!cl_tokens_next(&unspelled, &y) && spelled.replaced == unspelled.replaced);
    free(copy);
}

/* Each character that the table folds, and some that it does not, in words of plain letters of all lengths, at all distances
   from the end of the text. */
static void unspelled_words(void) {
    static const char *const plain[] = {"abcdefghijklmnopqrstuvwxyzabcdefghijklmno",
                                        "зажадаєтепоїздкийшоввшостийіщеодинраздесь",
                                        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                                        "ЗАЖАДАЮТЬ",
                                        "zażółćgęśląjaźń",
                                        ""};
    static const char *const behind[] = {"",   " ", ", ",     ".",       ". N",   "” w", "» в",
                                         "’s", "-", "@x.yz ", ".onion ", "\n\nX", "! ",  "\xFF"};
    for (uint32_t c = '!'; c < 0x2100; c = c == 0x5FF ? 0x1E00 : c + 1)
        for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
            char text[256];
            size_t size = 0, length = strlen(plain[i]), before = c % (length + 1);
            while (before && (plain[i][before] & 0xC0) == 0x80)
                before--;
            memcpy(text, plain[i], before);
            size = before + cl_utf8_put(c, text + before);
            memcpy(text + size, plain[i] + before, length - before);
            size += length - before;
            const char *end = behind[c % (sizeof behind / sizeof *behind)];
            size += (size_t)snprintf(text + size, sizeof text - size, "%s", end);
            for (uint32_t more = 0; more < c % 50; more++)
                text[size++] = more % 7 ? 'z' : ' ';
            same_unspelled(text, size);
        }
}

static void hold(const char *text, size_t size) {
    bool *border = calloc(size + 1, 1);
    uint64_t invalid = 0;
    CHECK_NEED(border);
    const uint8_t *start = (const uint8_t *)text, *at = start;
    while (at < start + size) {
        border[at - start] = true;
        invalid += (cl_utf8_next(&at, start + size) & CL_INVALID) != 0;
    }
    border[size] = true;
    cl_tokenizer t;
    cl_token token;
    size_t begin = 0, end = 0;
    cl_tokens_start(&t, text, size);
    while (cl_tokens_next(&t, &token)) {
        CHECK(token.begin < token.end && token.end <= size && border[token.begin] && border[token.end]);
        if (token.marker == CL_MARKER_SHOUT) /* over the word just given */
            CHECK(token.begin == begin && token.end == end);
        else
            CHECK(token.begin >= end);
        begin = token.begin, end = token.end;
        CHECK(token.length > 0 && token.length <= CL_WORD_MAX);
        char folded[4 * CL_WORD_MAX];
        CHECK(cl_hash_word(folded, cl_token_utf8(&token, folded)) == token.hash);
        bool latin = false, cyrillic = false;
        for (uint32_t i = 0; i < token.length; i++) {
            CHECK(token.chars[i] && token.chars[i] < 0x110000 && !(token.chars[i] >= 0xD800 && token.chars[i] < 0xE000));
            latin |= cl_fold_script(token.chars[i]) == CL_CLASS_LATIN;
            cyrillic |= cl_fold_script(token.chars[i]) == CL_CLASS_CYRILLIC;
        }
        if (token.marker)
            CHECK(token.chars[0] == '<' && token.chars[token.length - 1] == '>' && token.length > 2);
        else
            CHECK(token.latin == latin && token.cyrillic == cyrillic); /* of the folded word: one hash, one meaning */
    }
    CHECK(t.replaced == invalid);
    CHECK(!cl_tokens_next(&t, &token));
    free(border);
}

/* A text cut at a paragraph's end gives the tokens of its halves. */
static void chunks(const char *a, size_t a_size, const char *b, size_t b_size) {
    static const char between[] = "\n\nand "; /* a small word, so that no run of capitals crosses */
    size_t gap = sizeof between - 1, size = a_size + gap + b_size;
    char *all = malloc(size);
    CHECK_NEED(all);
    memcpy(all, a, a_size), memcpy(all + a_size, between, gap), memcpy(all + a_size + gap, b, b_size);
    cl_tokenizer whole, first, second;
    cl_token x, y;
    cl_tokens_start(&whole, all, size);
    cl_tokens_start(&first, all, a_size + 2);
    cl_tokens_start(&second, all + a_size, size - a_size);
    bool halfway = false;
    while (cl_tokens_next(&whole, &x)) {
        if (!halfway && !cl_tokens_next(&first, &y))
            halfway = true;
        if (halfway && !cl_tokens_next(&second, &y)) {
            CHECK_FAIL("the whole has more tokens than its halves");
            break;
        }
        size_t offset = halfway ? a_size : 0;
        CHECK(x.begin == y.begin + offset && x.end == y.end + offset && x.hash == y.hash && x.marker == y.marker &&
              x.length == y.length && x.breaks == (halfway ? y.breaks : x.breaks));
        if (x.begin == a_size + 2)
            CHECK(x.breaks);
    }
    CHECK(!cl_tokens_next(&second, &y) && whole.replaced == first.replaced + second.replaced);
    free(all);
}

static void any_bytes(void) {
    for (int i = 0; i < 60000; i++) {
        size_t a_size, b_size;
        char *a = random_text(&a_size), *b = random_text(&b_size);
        hold(a, a_size);
        same_unspelled(a, a_size);
        chunks(a, a_size, b, b_size);
        for (size_t j = 0; j < b_size; j++)
            b[j] = (char)check_random();
        hold(b, b_size);
        free(a);
        free(b);
    }
}

/* Every prefix of a text with one of everything: a look-ahead that ends anywhere. */
static void prefixes(void) {
    static const char text[] =
        "See http://abcdefghijklmnop.onion/x, mail to some.body@mail.example.org or @some_one <BTC> п'ять 12:30 don’t"
        " \xE2\x80\x8B 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa ЗАРАЗ УСІМ!!! 🔥… <name> www.x.y hxxp://z ß\xCC\x81\xC2\xAD end.";
    for (size_t size = 0; size < sizeof text; size++) {
        char *copy = malloc(size + !size);
        CHECK_NEED(copy);
        memcpy(copy, text, size);
        hold(copy, size);
        free(copy);
    }
}

int main(void) {
    words_and_sentences();
    markers();
    long_words();
    unspelled_words();
    any_bytes();
    prefixes();
    return check_result();
}
