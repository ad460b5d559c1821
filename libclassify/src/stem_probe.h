/* stem_probe.h - words whose stems tell one release of a stemmer from another: one for each rule of the algorithms, the words
   that releases of libstemmer are known to differ on, and folding cases. Any change here is a new analyzer. */
#ifndef CL_STEM_PROBE_H
#define CL_STEM_PROBE_H

static const char cl_stem_probe[] =
    "added adding adds ebbed egged inning outing evening herring canning earring succeed proceed exceed news howe atlas bias "
    "andes skis skies dying lying tying idly gently ugly early only singly generate general communism communal arsenal ties "
    "cries "
    "gas this gaps kiwis agreed feed bleeding hopping hoping fizzed falling controlled relational conditional valency "
    "hesitancy digitizer conformably radically differently vilely analogously vietnamization predication operator feudalism "
    "decisiveness hopefulness callousness formality sensitivity sensibility triplicate formative formalize electricity "
    "electrical "
    "hopeful goodness revival allowance inference airliner adjustable defensible irritant replacement adjustment dependent "
    "adoption "
    "communion activate angularity effective bowdlerize probate cease biology geologist apologist sky happy by boy say yield "
    "threatening threatened threats attackers statement's don't we'll university universal universe past paste internal "
    "бойтесь худшего прочитавши прочитав взрываться уничтоженный украинского угрожающие угрозами заявление заявил сообщается "
    "ложь любви статей статьями сильнейший красивейшая добрейше бегая бегающими читаю читаешь читала возможность возможностью "
    "людьми дети бежавший неся несший молодость дерзость переговоры встретились министерства ожидаемое знамени путём "
    "бійтеся найгіршого прочитавши прочитав вибухати знищений українського погрожують погрозами заява заявив повідомляється "
    "ночі ніч день дня руці рука могти можу п'ятниця п’ятого об'єднання життя людина люди найкращий робитиме сім'ями "
    "bój oczekujcie najgorszego przeczytawszy zagrożonych oświadczenie oświadczył ręka ręce wóz wozu pies psa miasto mieście "
    "najlepszy grozić grozi grożą zapłacicie zaplacicie zrobilibyśmy ministerstwa ludzie człowiek robią pracować pracuje "
    "ФОРМА Ёлка ґанок Straße ﬁle ＷＩＤＥ йод за́мок п0гроза cтоп";

#endif
