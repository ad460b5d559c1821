/* passage_cues.c - the table of words that tell who speaks, and the search in it.
   May include: passage_cues.h, fold.h, utf8.h.
   Must not know: models, sentences. */
#include "passage_cues.h"

#include "fold.h"
#include "utf8.h"

#include <stdbool.h>

enum { S = CL_CUE_SAID, W = CL_CUE_WRITTEN, M = CL_CUE_MENACE, O = CL_CUE_OFFICE };

typedef struct {
    char begins[31];
    uint8_t cues;
} cue_entry;

/* What the words begin with, folded; sorted by bytes. One that begins with another says what that one does, and more. */
static const cue_entry entries[] = {
    {"abuse", M},
    {"abusive", M},
    {"according", S},
    {"added", S},
    {"adds", S},
    {"ambasad", O},
    {"ambassador", O},
    {"announce", S},
    {"anonim", M},
    {"anonymous", M},
    {"apel", S},
    {"arson", M},
    {"asked", S},
    {"attacker", M},
    {"blackmail", M},
    {"bomb", M},
    {"brzmi", W},
    {"bullet", M},
    {"called", S},
    {"caller", S},
    {"caption", W},
    {"card", W},
    {"cartridge", M},
    {"chancellor", O},
    {"chat", W},
    {"claimed", S},
    {"comment", S | W},
    {"commission", O},
    {"communique", O},
    {"communiqué", O},
    {"condemned", S},
    {"consul", O},
    {"copied", W},
    {"copying", W},
    {"council", O},
    {"cyberprzestęp", M},
    {"cytuj", W},
    {"czytamy", W},
    {"declared", S},
    {"deklaracj", O},
    {"delegation", O},
    {"demand", S},
    {"diplomat", O},
    {"doda", S},
    {"dyplomac", O},
    {"dyplomat", O},
    {"ekran", W},
    {"email", W},
    {"embassy", O},
    {"encrypted", M},
    {"envelope", W},
    {"envoy", O},
    {"eu", O},
    {"explosive", M},
    {"extort", M},
    {"foreign", O},
    {"forwarded", W},
    {"gang", M},
    {"government", O},
    {"graffiti", W},
    {"groz", M},
    {"groź", M},
    {"groż", S},
    {"głosi", S},
    {"hacked", M},
    {"hacker", M},
    {"haker", M},
    {"haracz", M},
    {"hoax", M},
    {"inbox", W},
    {"insisted", S},
    {"intimidat", M},
    {"joint", O},
    {"kanclerz", O},
    {"karteczk", W},
    {"kartk", W},
    {"kidnap", M},
    {"kill", M},
    {"komentarz", W},
    {"komisj", O},
    {"komunika", W},
    {"komunikat", W | O},
    {"konsul", O},
    {"koper", W},
    {"kremlin", O},
    {"krzycz", S},
    {"krzykn", S},
    {"leaflet", W},
    {"letter", W},
    {"list", W},
    {"liście", W},
    {"mail", W},
    {"mejl", W},
    {"menac", M},
    {"message", W},
    {"militant", M},
    {"minister", O},
    {"ministr", O},
    {"msz", O},
    {"mówi", S},
    {"nabo", M},
    {"nabój", M},
    {"napis", W},
    {"nato", O},
    {"note", W},
    {"nękan", M},
    {"odczyta", W},
    {"okup", M},
    {"opowiada", S},
    {"opublikowa", W},
    {"ostrzeg", S},
    {"oznajmi", S},
    {"oświadcz", S},
    {"oświadczen", S | O},
    {"pasted", W},
    {"pasting", W},
    {"petrol", M},
    {"pisz", W},
    {"plakat", W},
    {"podkreśl", S},
    {"podpal", M},
    {"poinformowa", S},
    {"porywacz", M},
    {"post", W},
    {"powiedzia", S},
    {"premier", O},
    {"presidency", O},
    {"president", O},
    {"prezydent", O},
    {"przekaza", S},
    {"quote", W},
    {"rada", O},
    {"rady", O},
    {"ransom", M},
    {"read", W},
    {"replied", S},
    {"reply", S},
    {"resolution", O},
    {"resort", O},
    {"rezolucj", O},
    {"rozmówc", S},
    {"rzeczniczk", O},
    {"rzecznik", O},
    {"rzuci", S},
    {"rząd", O},
    {"said", S},
    {"say", S},
    {"scream", S},
    {"screen", W},
    {"secretary", O},
    {"shout", S},
    {"signed", W},
    {"sms", W},
    {"spokesman", O},
    {"spokesperson", O},
    {"spokeswoman", O},
    {"sprawc", M},
    {"stalk", M},
    {"stated", S},
    {"statement", O},
    {"states", S},
    {"sticker", W},
    {"stressed", S},
    {"stron", W},
    {"stwierdz", S},
    {"summit", O},
    {"szantaż", M},
    {"szczyt", O},
    {"tells", S},
    {"terror", M},
    {"text", W},
    {"threat", M},
    {"threatened", S | M},
    {"told", S},
    {"traktat", O},
    {"treaty", O},
    {"treści", W},
    {"treść", W},
    {"tweet", W},
    {"twierdz", S},
    {"ulotce", W},
    {"ulotk", W},
    {"un", O},
    {"urged", S},
    {"usłysz", S},
    {"voicemail", W},
    {"warned", S},
    {"warning", S},
    {"website", W},
    {"wezwa", S},
    {"wiadomoś", W},
    {"wklej", W},
    {"wpis", W},
    {"write", W},
    {"wrote", W},
    {"wybuch", M},
    {"wymusz", M},
    {"włamywacz", M},
    {"yell", S},
    {"zabić", M},
    {"zagrozi", S},
    {"zapewni", S},
    {"zastrasz", M},
    {"zaznacz", S},
    {"zażąda", S},
    {"ładun", M},
    {"żąda", S},
    {"анонимн", M},
    {"анонім", M},
    {"банд", M},
    {"боевик", M},
    {"бойовик", M},
    {"бомб", M},
    {"вбивств", M},
    {"вбити", M},
    {"ведомств", O},
    {"взлом", M},
    {"взорв", M},
    {"взрыв", M},
    {"вибух", M},
    {"викуп", M},
    {"вимаг", S},
    {"вимага", S | M},
    {"внешнеполит", O},
    {"вставля", W},
    {"выкрик", S},
    {"выкуп", M},
    {"вымога", M},
    {"відомств", O},
    {"відпові", S},
    {"гласи", W},
    {"говори", S},
    {"деклараци", O},
    {"деклараці", O},
    {"дипломат", O},
    {"добави", S},
    {"додав", S},
    {"додала", S},
    {"додали", S},
    {"допис", W},
    {"екран", W},
    {"ес", O},
    {"заверил", S},
    {"зазнач", S},
    {"закли", S},
    {"залякув", M},
    {"заминир", M},
    {"замінув", M},
    {"запевн", S},
    {"записк", W},
    {"запугив", M},
    {"зачита", W},
    {"заяв", S},
    {"заява", S | O},
    {"заявлени", S | O},
    {"заяві", S | O},
    {"зловмисн", M},
    {"злом", M},
    {"злоумышл", M},
    {"йдет", W},
    {"йшлося", W},
    {"каже", S},
    {"кажуть", S},
    {"казав", S},
    {"казала", S},
    {"казали", S},
    {"канал", W},
    {"канцлер", O},
    {"кибер", M},
    {"комент", W},
    {"комисси", O},
    {"коммент", W},
    {"коммюнике", O},
    {"комюніке", O},
    {"комісі", O},
    {"конверт", W},
    {"консул", O},
    {"копиру", W},
    {"копію", W},
    {"крикн", S},
    {"кричав", S},
    {"кричал", S},
    {"кібер", M},
    {"лист", W},
    {"лунал", S},
    {"мзс", O},
    {"мид", O},
    {"министер", O},
    {"министр", O},
    {"мовить", S},
    {"міністер", O},
    {"міністр", O},
    {"набо", M},
    {"наголо", S},
    {"надісла", W},
    {"напис", W},
    {"невідом", M},
    {"неизвестн", M},
    {"оон", O},
    {"оприлюдн", W},
    {"опублик", W},
    {"опублік", W},
    {"ответи", S},
    {"открытк", W},
    {"отмети", S},
    {"отмеча", S},
    {"патрон", M},
    {"письм", W},
    {"пише", W},
    {"пишу", W},
    {"повідом", S},
    {"повідомлен", S | W},
    {"погрож", S | M},
    {"погроз", M},
    {"поджог", M},
    {"подчерк", S},
    {"полоск", W},
    {"попередж", S},
    {"послан", W},
    {"посол", O},
    {"пост", W},
    {"потребова", S},
    {"почу", S},
    {"правительств", O},
    {"представител", O},
    {"предупре", S},
    {"президент", O},
    {"премьер", O},
    {"пригроз", S},
    {"призва", S},
    {"призыв", S},
    {"прислал", W},
    {"прозвуч", S},
    {"прочита", W},
    {"підкресл", S},
    {"підпал", M},
    {"рада", O},
    {"ради", O},
    {"рассказа", S},
    {"резолюц", O},
    {"рекет", M},
    {"речник", O},
    {"речниц", O},
    {"рэкет", M},
    {"сайт", W},
    {"саммит", O},
    {"саміт", O},
    {"секретар", O},
    {"сказа", S},
    {"смс", W},
    {"смужк", W},
    {"совет", O},
    {"сообщ", S},
    {"сообщен", S | W},
    {"союз", O},
    {"сторінц", W},
    {"страниц", W},
    {"твердит", S},
    {"текст", W},
    {"терор", M},
    {"террор", M},
    {"требова", S},
    {"убийств", M},
    {"убить", M},
    {"угрож", S | M},
    {"угроз", M},
    {"уряд", O},
    {"услыша", S},
    {"утвержда", S},
    {"хакер", M},
    {"цитат", W},
    {"цитир", W},
    {"цитую", W},
    {"шантаж", M},
    {"экран", W},
    {"єс", O},
    {"ідеть", W},
    {"ішлося", W},
};

/* Where the entries of each first letter begin: a .. z, all other Latin ones, а .. ї, the end. tests/unit/test_cues.c says what
   it should be. */
enum { LATIN = 26, CYRILLIC = 0x458 - 0x430 };
static const uint16_t starts[LATIN + 1 + CYRILLIC + 1] = {
    0,   14,  18,  38,  46,  55,  57,  64,  69,  72,  73,  87,  91,  100, 106, 114, 130, 131, 145, 168, 180, 185, 186,
    198, 198, 199, 205, 207, 209, 213, 230, 232, 240, 242, 242, 259, 259, 261, 283, 285, 292, 298, 306, 336, 344, 357,
    362, 369, 369, 370, 373, 373, 374, 374, 374, 374, 374, 375, 375, 375, 375, 375, 375, 375, 376, 376, 378, 378};

/* The group of a first letter. */
static size_t group_of(uint32_t letter) {
    if (letter - 'a' < LATIN)
        return letter - 'a';
    return letter - 0x430 < CYRILLIC ? LATIN + 1 + letter - 0x430 : LATIN;
}

enum { NESTED = 4 }; /* entries to look back at: more do not begin with the same one */

/* Does a word begin with an entry? Short entries are to be nearly the whole of it. */
static bool begins_with(const char *word, size_t size, const char *entry) {
    size_t i = 0, letters = 0, more = 0;
    for (; entry[i]; i++) {
        if (i == size || entry[i] != word[i])
            return false;
        letters += ((uint8_t)entry[i] & 0xC0) != 0x80;
    }
    for (; i < size; i++)
        more += ((uint8_t)word[i] & 0xC0) != 0x80;
    return letters > 4 || more <= (letters < 4 ? 0 : 3);
}

static uint32_t find_cues(const char *word, size_t size, size_t group) {
    size_t low = starts[group], high = starts[group + 1];
    while (low < high) { /* the first entry above the word */
        size_t middle = (low + high) / 2, i = 0;
        const char *entry = entries[middle].begins;
        while (i < size && entry[i] == word[i])
            i++;
        if (i == size ? !entry[i] : (uint8_t)entry[i] < (uint8_t)word[i])
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t back = 1; back <= NESTED && back <= low; back++)
        if (begins_with(word, size, entries[low - back].begins))
            return entries[low - back].cues;
    return 0;
}

/* A letter folded, or 0. */
static uint32_t fold_letter(const uint8_t **at, const uint8_t *stop) {
    if (**at < 0x80) {
        uint32_t lower = *(*at)++ | 0x20u;
        return lower - 'a' < 26 ? lower : 0;
    }
    cl_fold_entry e = cl_fold_lookup(cl_utf8_next(at, stop) & 0x1FFFFF);
    return e.fast && (e.class_ & CL_CLASS_LETTERS) ? e.to : 0;
}

uint32_t cl_cues(const char *text, size_t from, size_t end) {
    const uint8_t *at = (const uint8_t *)text + from, *stop = (const uint8_t *)text + end;
    uint32_t cues = 0;
    char word[36];
    while (at < stop) {
        uint32_t letter = fold_letter(&at, stop);
        if (!letter)
            continue;
        size_t group = group_of(letter), size = 0;
        bool any = starts[group] < starts[group + 1];
        for (; letter; letter = at < stop ? fold_letter(&at, stop) : 0)
            if (any && size + 4 <= sizeof word) /* the rest of a longer word decides nothing */
                size += cl_utf8_put(letter, word + size);
        if (size > 1)
            cues |= find_cues(word, size, group);
    }
    return cues;
}
