/* sentence_words.h - abbreviations, and words that tell whether a sentence ends; English, Ukrainian, Russian, Polish. For
   sentence_stop.c alone. */
#ifndef CL_SENTENCE_WORDS_H
#define CL_SENTENCE_WORDS_H

#include <stdint.h>

typedef enum {
    NONE,
    NEVER,   /* no sentence ends with it */
    NUMBERS, /* none before a number: No. 5, ст. 191, гл. IV */
    AFTER,   /* one may end where a number stands before: 1995 р. */
    AND,     /* one may end where "and" stands before: и пр. */
    STARTS,  /* one ends where the next word is one that sentences begin with: Acme Inc. The ... */
    CLOCK,   /* one ends but before a day or a time zone: 7 p.m. Monday */
    WORD     /* a word of one letter */
} abbreviation;

typedef struct {
    char word[15];
    uint8_t kind;
} abbreviation_entry;

/* Folded as words are, without the last dot; sorted by bytes. */
static const abbreviation_entry abbreviations[] = {
    {"a.m", CLOCK},      {"abp", NEVER},      {"adm", NEVER},    {"adw", NEVER},     {"al", STARTS},     {"amb", NEVER},
    {"approx", NEVER},   {"apr", NUMBERS},    {"apt", NUMBERS},  {"art", NUMBERS},   {"asp", NEVER},     {"atty", NEVER},
    {"aug", NUMBERS},    {"bp", NEVER},       {"brig", NEVER},   {"bros", STARTS},   {"bryg", NEVER},    {"bł", NEVER},
    {"ca", NEVER},       {"capt", NEVER},     {"cf", NEVER},     {"ch", NUMBERS},    {"chap", NUMBERS},  {"chas", NEVER},
    {"cmdr", NEVER},     {"co", STARTS},      {"col", NEVER},    {"corp", STARTS},   {"cpl", NEVER},     {"cpt", NEVER},
    {"cz", NUMBERS},     {"czerw", NUMBERS},  {"d.c", STARTS},   {"dec", NUMBERS},   {"dept", NEVER},    {"dn", NEVER},
    {"doc", STARTS},     {"dot", STARTS},     {"dr", NEVER},     {"ds", NEVER},      {"dyr", NEVER},     {"dz", NEVER},
    {"e.g", NEVER},      {"e.u", STARTS},     {"egz", NUMBERS},  {"est", NEVER},     {"ew", NEVER},      {"ext", NUMBERS},
    {"feb", NUMBERS},    {"fig", NUMBERS},    {"fr", NEVER},     {"ft", NUMBERS},    {"gen", NEVER},     {"geo", NEVER},
    {"gm", NEVER},       {"godz", NUMBERS},   {"gov", NEVER},    {"grudz", NUMBERS}, {"hab", NEVER},     {"hon", NEVER},
    {"hr", NUMBERS},     {"hrs", NUMBERS},    {"i.e", NEVER},    {"im", NEVER},      {"inc", STARTS},    {"incl", NEVER},
    {"insp", NEVER},     {"inż", NEVER},      {"j.w", NEVER},    {"jan", NUMBERS},   {"jr", STARTS},     {"jul", NUMBERS},
    {"jun", NUMBERS},    {"kmdr", NEVER},     {"kol", NEVER},    {"kom", NEVER},     {"kpr", NEVER},     {"kpt", NEVER},
    {"ks", NEVER},       {"kwiet", NUMBERS},  {"lb", NUMBERS},   {"lbs", NUMBERS},   {"lek", NEVER},     {"lic", NEVER},
    {"listop", NUMBERS}, {"lt", NEVER},       {"ltd", STARTS},   {"lut", NUMBERS},   {"m.d", STARTS},    {"m.in", NEVER},
    {"m.st", NEVER},     {"maj", NEVER},      {"mar", NUMBERS},  {"mec", NEVER},     {"med", NEVER},     {"messrs", NEVER},
    {"mgr", NEVER},      {"min", AFTER},      {"mjr", NEVER},    {"mld", NUMBERS},   {"mlle", NEVER},    {"mln", NUMBERS},
    {"mme", NEVER},      {"mr", NEVER},       {"mrs", NEVER},    {"ms", NEVER},      {"mt", NEVER},      {"mł", NEVER},
    {"nadinsp", NEVER},  {"nadkom", NEVER},   {"no", NUMBERS},   {"nos", NUMBERS},   {"nov", NUMBERS},   {"np", NEVER},
    {"nr", NUMBERS},     {"o", NEVER},        {"oct", NUMBERS},  {"ok", NUMBERS},    {"oprac", NEVER},   {"os", NEVER},
    {"oz", NUMBERS},     {"p", NEVER},        {"p.m", CLOCK},    {"p.o", STARTS},    {"para", NUMBERS},  {"paźdz", NUMBERS},
    {"ph.d", STARTS},    {"pkt", NUMBERS},    {"pl", NEVER},     {"plut", NEVER},    {"pn", NEVER},      {"pocz", NEVER},
    {"podinsp", NEVER},  {"podkom", NEVER},   {"por", NEVER},    {"pow", NEVER},     {"poz", NUMBERS},   {"pp", NUMBERS},
    {"ppłk", NEVER},     {"pres", NEVER},     {"prof", NEVER},   {"prok", NEVER},    {"przew", NEVER},   {"przyp", NUMBERS},
    {"pt", NEVER},       {"pvt", NEVER},      {"płk", NEVER},    {"r", AFTER},       {"red", NEVER},     {"rep", NEVER},
    {"rev", NEVER},      {"rozdz", NUMBERS},  {"rys", NUMBERS},  {"s", NUMBERS},     {"sec", NUMBERS},   {"sek", NUMBERS},
    {"sen", NEVER},      {"sep", NUMBERS},    {"sept", NUMBERS}, {"ser", NUMBERS},   {"sgt", NEVER},     {"sierp", NUMBERS},
    {"sierż", NEVER},    {"sr", STARTS},      {"st", STARTS},    {"str", NUMBERS},   {"stycz", NUMBERS}, {"supt", NEVER},
    {"sygn", NEVER},     {"szer", NEVER},     {"szt", NUMBERS},  {"t", NUMBERS},     {"tab", NUMBERS},   {"tbl", NUMBERS},
    {"tbsp", NUMBERS},   {"tel", NUMBERS},    {"tj", NEVER},     {"tsp", NUMBERS},   {"tys", NUMBERS},   {"tzn", NEVER},
    {"tzw", NEVER},      {"tłum", NEVER},     {"u.k", STARTS},   {"u.n", STARTS},    {"u.s", STARTS},    {"ub", NEVER},
    {"ul", NEVER},       {"ur", NUMBERS},     {"ust", NUMBERS},  {"viz", NEVER},     {"vol", NUMBERS},   {"vs", NEVER},
    {"w", AFTER},        {"wg", NEVER},       {"wm", NEVER},     {"woj", NEVER},     {"wrz", NUMBERS},   {"ww", NEVER},
    {"wym", NEVER},      {"wł", NEVER},       {"zast", NEVER},   {"zał", NUMBERS},   {"zb", NEVER},      {"zm", NUMBERS},
    {"zob", NEVER},      {"zwł", NEVER},      {"św", NEVER},     {"абз", NUMBERS},   {"авг", NUMBERS},   {"акад", NEVER},
    {"англ", NEVER},     {"ап", NEVER},       {"апр", NUMBERS},  {"арх", NEVER},     {"архим", NEVER},   {"архієп", NEVER},
    {"ауд", NUMBERS},    {"б", NEVER},        {"б-р", NEVER},    {"берез", NUMBERS}, {"бл", NEVER},      {"буд", NEVER},
    {"бульв", NEVER},    {"в", AFTER},        {"в.о", NEVER},    {"вв", AFTER},      {"вер", NUMBERS},   {"верес", NUMBERS},
    {"вид", NEVER},      {"вип", NUMBERS},    {"вл", NEVER},     {"вс", NEVER},      {"вул", NEVER},     {"г", AFTER},
    {"гг", AFTER},       {"ген", NEVER},      {"гл", NUMBERS},   {"год", NUMBERS},   {"гол", NEVER},     {"голов", NEVER},
    {"гос", NEVER},      {"гр", NEVER},       {"гр-ка", NEVER},  {"гр-ки", NEVER},   {"гр-н", NEVER},    {"грн", NUMBERS},
    {"груд", NUMBERS},   {"д", NEVER},        {"дек", NUMBERS},  {"деп", NEVER},     {"дер", NEVER},     {"дж", NEVER},
    {"див", NEVER},      {"доб", NUMBERS},    {"доц", NEVER},    {"жовт", NUMBERS},  {"зам", NEVER},     {"заст", NEVER},
    {"зв", NEVER},       {"и.о", NEVER},      {"изд", NEVER},    {"им", NEVER},      {"инж", NEVER},     {"исп", NEVER},
    {"каб", NUMBERS},    {"канд", NEVER},     {"кап", NEVER},    {"кв", NUMBERS},    {"квіт", NUMBERS},  {"ком", NEVER},
    {"коп", NUMBERS},    {"корп", NEVER},     {"кім", NUMBERS},  {"кін", NEVER},     {"лат", NEVER},     {"лейт", NEVER},
    {"лип", NUMBERS},    {"листоп", NUMBERS}, {"лют", NUMBERS},  {"м", NEVER},       {"майор", NEVER},   {"мин", NUMBERS},
    {"митр", NEVER},     {"мкр", NEVER},      {"мл", NEVER},     {"млн", NUMBERS},   {"млрд", NUMBERS},  {"наб", NEVER},
    {"напр", NEVER},     {"нач", NEVER},      {"нояб", NUMBERS}, {"нім", NEVER},     {"о", NEVER},       {"о-в", NEVER},
    {"обл", NUMBERS},    {"оз", NEVER},       {"ок", NUMBERS},   {"окт", NUMBERS},   {"отв", NEVER},     {"оф", NUMBERS},
    {"п", NUMBERS},      {"п-ов", NEVER},     {"пер", NEVER},    {"пл", NEVER},      {"под", NEVER},     {"подп", NEVER},
    {"полк", NEVER},     {"пом", NEVER},      {"порівн", NEVER}, {"пос", NEVER},     {"поч", NEVER},     {"пп", NUMBERS},
    {"пр", AND},         {"преп", NEVER},     {"прибл", NEVER},  {"прим", NUMBERS},  {"пров", NEVER},    {"просп", NEVER},
    {"прот", NEVER},     {"проф", NEVER},     {"р", AFTER},      {"р-н", NEVER},     {"разд", NUMBERS},  {"ред", NEVER},
    {"рис", NUMBERS},    {"род", NEVER},      {"розд", NUMBERS}, {"рос", STARTS},    {"рр", AFTER},      {"руб", NUMBERS},
    {"с", NEVER},        {"с-ще", NEVER},     {"св", NEVER},     {"сек", NUMBERS},   {"сен", NUMBERS},   {"сент", NUMBERS},
    {"серж", NEVER},     {"серп", NUMBERS},   {"см", AFTER},     {"смт", NEVER},     {"ср", NEVER},      {"ст", AFTER},
    {"ст.л", NEVER},     {"стор", NUMBERS},   {"стр", NUMBERS},  {"січ", NUMBERS},   {"т.е", NEVER},     {"т.зв", NEVER},
    {"т.к", NEVER},      {"т.н", NEVER},      {"т.ч", NEVER},    {"табл", NUMBERS},  {"тел", NUMBERS},   {"техн", NEVER},
    {"тзв", NEVER},      {"тис", NUMBERS},    {"тов", NEVER},    {"трав", NUMBERS},  {"туп", NEVER},     {"тыс", NUMBERS},
    {"укр", NEVER},      {"ул", NEVER},       {"упр", NEVER},    {"фев", NUMBERS},   {"февр", NUMBERS},  {"франц", NEVER},
    {"хв", NUMBERS},     {"хут", NEVER},      {"ч", NUMBERS},    {"черв", NUMBERS},  {"ш", NEVER},       {"шос", NEVER},
    {"шт", NUMBERS},     {"эт", NUMBERS},     {"я", WORD},       {"янв", NUMBERS},   {"є", WORD},        {"єп", NEVER},
    {"ім", NEVER},       {"інж", NEVER},
};

/* Words that sentences begin with, and names hardly ever; folded. */
static const char starters[] =
    " a after albo ale all also although an and another any are as at because before bez bo both but by był była"
    " było były chociaż co czy despite did dla dlaczego dlatego do does dopiero during dziś each even every few"
    " for from gdy gdzie go had has have he her here his how however i ich if in inside is it its jak jako jednak"
    " jego jej jest jeszcze jeśli just każdy kiedy kto ktoś która który którzy later lecz ma mam many mimo most my"
    " mój na nad nam nas nasz natomiast neither nic nie niestety nikt no nobody none not nothing now o od of on"
    " ona once one oni only or oraz other others oto our outside perhaps po pod podczas podobno potem poza przed"
    " przez przy sam several she since się skąd so some still such są ta tak także tam te tego ten teraz też that"
    " the their then there these they this those though through to today tu tutaj ty tylko tym u under until w was"
    " we według were what when where whether which while who whose why with without więc would wszyscy wtedy wy"
    " yesterday you your z za ze żaden а або але б без був була були було бы был была были было в вам вас вже ви"
    " вона вони воно вот все всі вы від він где да даже для до его ее если есть еще ж з за завтра зараз зате зачем"
    " здесь зі из или им их й його к как когда коли крім кто ли лише лишь между меня ми мне мы мій на навіть над"
    " нам нас наш не но ну ні ніхто ніщо о об один однак однако он она они оно от перед по под позже после потом"
    " потім почему при про проте після с сам саме свій сегодня серед со сьогодні та так также такие такий такой"
    " там те тепер теперь ти тим то тогда тоді той только тому тот туда тут ты у уже усі учора хотя хоча хто це"
    " цей цього цьому ця ці чем через чи чому что чтобы що щоб эта эти это этот я як яка який якщо є і ідеться із"
    " їх їхній її ";
/* Behind a time of day: no sentence ends before them. */
static const char clock_words[] =
    " central eastern friday london monday mountain moscow pacific saturday sunday thursday tuesday"
    " wednesday ";
/* Before a number at the beginning of a line: the heading goes on behind it, as in Section 4. Definitions. */
static const char headings[] =
    " annex appendix art article artykuł chap chapter część part rozdz rozdział rule section глава додаток параграф"
    " приложение разд раздел розд розділ статья стаття часть частина ";
/* With which it is told when something was. */
static const char whens[] =
    " do od około po przed u w we z від влітку во восени в для до з за зимой із зі к ко летом навесні на около осенью от"
    " перед після по после при с со у узимку весной ";
static const char ands[] = " and i oraz и та й і ";

/* Of saying. */
static const char verbs[] = " added agreed answered asked begged called cried demanded exclaimed explained insisted muttered"
                            " replied said says screamed shouted snapped wondered whispered yelled ";

#endif
