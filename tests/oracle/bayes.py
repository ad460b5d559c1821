"""Counts (the text form of FORMAT.md) to weights, and a text to scores: naive Bayes once more, from the definitions.

A row of weights is a dictionary or a list; nothing is shared, packed or looked up by position. Stems come from a function
that is given in, since stemmers are tables and libraries, and are tested by themselves.
"""

import unicodedata
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field

from tokens import script, tokenize

ONE = 4096  # one occurrence, in weighted counts
LIMIT, MOST = 2**64 - 1, 32767
STEMMED = {"en": "latin", "uk": "cyrillic", "ru": "cyrillic", "pl": "latin"}
LEAST_FORMS, LEAST_PART, MOST_PART = 4, 2, 5
# Latin letters without a decomposition to a letter and a mark.
BARE = {"æ": "a", "ð": "d", "ø": "o", "þ": "t", "đ": "d", "ħ": "h", "ı": "i", "ĸ": "k", "ł": "l", "ŋ": "n", "œ": "o", "ŧ": "t"}


def clamp(v):
    return max(-MOST, min(MOST, v))


# ---- Arithmetic of FORMAT.md and of the compile step ----


def mix(values):
    """The hash of a word: of its code points."""
    h = 0x9E3779B97F4A7C15
    for v in values:
        h = ((h ^ v) * 0xFF51AFD7ED558CCD) & LIMIT
    h ^= h >> 32
    h = (h * 0xC4CEB9FE1A85EC53) & LIMIT
    return h ^ (h >> 29)


def log2(x):
    """In 1/2^24, a digit at a time by squaring a mantissa of 31 bits: what the library promises on every platform."""
    x = max(x, 1)
    whole = x.bit_length() - 1
    mantissa = x >> (whole - 31) if whole > 31 else x << (31 - whole)
    result = whole
    for _ in range(24):
        mantissa = mantissa * mantissa >> 31
        digit = mantissa >> 32
        mantissa >>= digit
        result = result * 2 + digit
    return result


def ln_ratio(a, b):
    """ln(a / b) in 1/256, rounded half away from zero."""
    bits = log2(a) - log2(b)
    rounded = (abs(bits) * (11629080 >> 4) + 2**35) >> 36
    return -rounded if bits < 0 else rounded


def muldiv(a, b, c):
    return min(a * b // c, LIMIT) if c else LIMIT


def dirichlet(n, total, all_, everything, mu):
    """ln((n + mu b) / ((N + mu) b)), b = all / everything: Zhai and Lafferty 2004."""
    own = muldiv(n << 8, everything, all_)
    above = LIMIT // 2 if own > LIMIT // 2 else own + (mu << 8)
    return ln_ratio(above or 1, (total + mu) << 8)


def toward_zero(a, b):
    return abs(a) // b * (1 if a >= 0 else -1)


def without_diacritics(word):
    letters = (unicodedata.normalize("NFD", c)[0] if "\u00e0" <= c < "\u0180" else c for c in word)
    return "".join(BARE.get(c, c) for c in letters)


def pieces(word):
    marked = "^" + word + "$"
    for begin in range(len(marked)):
        for n in range(LEAST_PART, MOST_PART + 1):
            if begin + n <= len(marked):
                yield mix(map(ord, marked[begin : begin + n]))


# ---- Counts ----


@dataclass
class Counts:
    meta: dict = field(default_factory=dict)
    cells: list = field(default_factory=list)  # (source, language, label, texts, words)
    words: dict = field(default_factory=dict)  # word -> {cell: (occurrences, texts)}
    pairs: dict = field(default_factory=dict)  # (word, word) -> the same
    refined: list = field(default_factory=list)  # (kind, language, key, {label: weight})
    share: int | None = None  # None: there is no refinement


def read_counts(text):
    counts, labels = Counts(), []

    def tallies(fields):
        return {int(c): (int(n), int(d)) for c, n, d in (f.split(":") for f in fields)}

    for line in text.split("\n")[1:]:
        kind, *f = line.split("\t")
        if kind == "meta":
            counts.meta[f[0]] = f[1]
        elif kind == "cell":
            counts.cells.append((f[1], f[2], f[3], int(f[4]), int(f[5])))
        elif kind == "word":
            counts.words[f[0]] = tallies(f[1:])
        elif kind == "pair":
            counts.pairs[f[0], f[1]] = tallies(f[2:])
        elif kind == "refined":
            counts.share, labels = int(f[0]), f[2 : 2 + int(f[1])]
        elif kind == "weight":
            key = (f[2], f[3]) if f[0] == "pair" else int(f[2], 16) if f[0] == "part" else f[2]
            counts.refined.append((f[0], f[1], key, dict(zip(labels, map(int, f[-1].split(":")), strict=True))))
    return counts


def count(examples):
    """Counts of (source, language, label, text) by this tokenizer: what `classify count` should say."""
    cells = defaultdict(lambda: [0, 0])
    words, pairs = defaultdict(lambda: defaultdict(lambda: [0, 0])), defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for source, language, label, text in examples:
        cell, before, seen = (source, language, label), None, set()
        tokens = tokenize(text)
        cells[cell][0] += 1
        cells[cell][1] += len(tokens)
        for token in tokens:
            found = [(words, token.word)]
            if not token.remark:
                if before is not None and not token.breaks:
                    found.append((pairs, (before, token.word)))
                before = token.word
            for table, key in found:
                table[key][cell][0] += 1
                table[key][cell][1] += (id(table), key) not in seen
                seen.add((id(table), key))
    order = sorted(cells, key=lambda c: tuple(s.encode() for s in c))
    number = {cell: i for i, cell in enumerate(order)}

    def plain(table):
        return {key: {number[cell]: tuple(v) for cell, v in tallies.items()} for key, tallies in table.items()}

    return Counts(cells=[(*c, *cells[c]) for c in order], words=plain(words), pairs=plain(pairs))


# ---- The model ----


@dataclass
class Row:
    """Weights of a word or term: of every covered language, or, `narrow`, one for all."""

    weights: dict  # language -> [labels]; narrow: {None: [labels]}
    narrow: bool

    def of(self, language):
        return self.weights[None if self.narrow else language]


def spread(weights):
    return min(max(weights) - min(weights), MOST)


class Model:
    def __init__(self, counts, stem, options):
        """options: smoothing, label_words, max_words, max_pairs, max_parts, pairs, parts."""
        self.counts, self.stem = counts, stem
        self.smoothing = options.get("smoothing", 0)
        self.label_words = options.get("label_words") or 30000
        self.max_words = options.get("max_words") or 200000
        self.max_pairs = options.get("max_pairs") or 60000
        self.max_parts = options.get("max_parts") or 12000
        self.with_pairs, self.with_parts = options.get("pairs", True), options.get("parts", True)
        self.set_names()
        self.set_balance()
        self.set_terms()
        self.set_pairs()
        self.set_parts()
        self.set_weights()
        self.set_rows()

    def set_names(self):
        cells = self.counts.cells
        labelled = {c[1] for c in cells if c[2] and c[4]}
        self.labels = sorted({c[2] for c in cells if c[2] and c[4]}, key=str.encode)
        stemmed = [language for language in STEMMED if language in labelled]
        self.covered = stemmed + sorted(labelled - set(stemmed))
        self.languages = self.covered + sorted({c[1] for c in cells} - labelled)
        self.columns = [(language, label) for language in self.covered for label in self.labels]

    def label_of(self, cell):
        return self.counts.cells[cell][2] if self.counts.cells[cell][2] in self.labels else None

    def set_balance(self):
        """The most words that a source may give a label so that all give label_words; each language to the same mass."""
        cells = self.counts.cells
        self.label_scale, self.totals = [0] * len(cells), dict.fromkeys(self.columns, 0)
        for column in self.columns:
            here = [i for i, c in enumerate(cells) if (c[1], c[2]) == column]
            level = bisect_right(
                range(self.label_words + 1),
                self.label_words,
                key=lambda level, here=here: sum(min(cells[i][4], level) for i in here),
            )
            level -= 1
            for i in here:
                words = cells[i][4]
                self.label_scale[i] = ONE if words <= level else max(1, ONE * level // words)
                self.totals[column] += words * self.label_scale[i]
        mass = {language: 1 + sum(c[4] for c in cells if c[1] == language) for language in self.languages}
        self.language_scale = [muldiv(ONE << 6, self.label_words, mass[c[1]]) + 1 for c in cells]

    def by_label(self, tallies):
        sums = dict.fromkeys(self.columns, 0)
        for cell, (occurrences, _) in tallies.items():
            if self.label_of(cell) is not None:
                sums[self.counts.cells[cell][1], self.label_of(cell)] += occurrences * self.label_scale[cell]
        return sums

    def by_language(self, tallies):
        sums = dict.fromkeys(self.languages, 0)
        for cell, (occurrences, _) in tallies.items():
            sums[self.counts.cells[cell][1]] += occurrences * self.language_scale[cell]
        return sums

    def set_terms(self):
        """Each word goes to its stem in the language where it is most at home, a covered one if there is any."""
        live = {w for w, tallies in self.counts.words.items() if tallies} | {
            w for p, t in self.counts.pairs.items() if t for w in p
        }
        self.ranked = sorted(live, key=str.encode)
        self.term, self.terms, self.has = {}, {}, {}
        for word in self.ranked:
            tallies = self.counts.words.get(word, {})
            sums = self.by_language(tallies)
            at_home = [language for language in self.covered if sums[language]] or [x for x in self.languages if sums[x]]
            if not at_home:
                continue
            home = max(at_home, key=lambda language: sums[language])  # the first of the greatest
            stem = word
            if home in self.covered and home in STEMMED and word[0] != "<" and any(script(c) == STEMMED[home] for c in word):
                stem = self.stem(home, word)
            self.term[word] = stem
            total = self.terms.setdefault(stem, dict.fromkeys(self.columns, 0))
            for column, n in self.by_label(tallies).items():
                total[column] += n
            self.has.setdefault(stem, set()).update(self.counts.cells[c][1] for c in tallies if self.label_of(c) is not None)

    def set_pairs(self):
        self.pairs = {}  # in the order of their words
        rank = {word: i for i, word in enumerate(self.ranked)}
        if not self.with_pairs:
            return
        for pair in sorted((p for p, t in self.counts.pairs.items() if t), key=lambda p: (rank[p[0]], rank[p[1]])):
            terms = self.pair_of(pair)
            if terms:
                total = self.pairs.setdefault(terms, dict.fromkeys(self.columns, 0))
                for column, n in self.by_label(self.counts.pairs[pair]).items():
                    total[column] += n

    def pair_of(self, pair):
        first, second = self.term.get(pair[0]), self.term.get(pair[1])
        return (first, second) if first is not None and second is not None else None

    def set_parts(self):
        """Pieces that stand in four words or more; the most telling ones about the language."""
        self.part_languages = {}
        if not self.with_parts:
            return
        forms, sums = defaultdict(int), defaultdict(lambda: dict.fromkeys(self.languages, 0))
        for word in self.ranked:
            if word[0] == "<":
                continue
            amounts = self.by_language(self.counts.words.get(word, {}))
            for piece in pieces(word):
                forms[piece] += 1
                for language, n in amounts.items():
                    sums[piece][language] += n
        kept = sorted(piece for piece, n in forms.items() if n >= LEAST_FORMS)
        totals = {language: sum(sums[piece][language] for piece in kept) for language in self.languages}
        everything = sum(totals.values())
        mu = everything // len(self.languages) // 16 + 1
        weights, telling = {}, {}
        for piece in kept:
            all_ = sum(sums[piece].values())
            row = {x: dirichlet(sums[piece][x], totals[x], all_, everything, mu) if all_ else 0 for x in self.languages}
            weights[piece] = row
            telling[piece] = muldiv(all_, max(row.values()) - min(row.values()), ONE)
        refined = {key for kind, _, key, _ in self.counts.refined if kind == "part" and key in weights}
        for piece in refined:
            telling[piece] = LIMIT
        chosen = sorted(kept, key=lambda piece: (-telling[piece], piece))[: len(refined) + self.max_parts]
        self.part_languages = {piece: {x: toward_zero(w, 4) for x, w in weights[piece].items()} for piece in chosen}

    def weigh(self, sums):
        weights = {}
        for language in self.covered:
            totals = {label: self.totals[language, label] for label in self.labels}
            everything = sum(totals.values())
            mu = self.smoothing * ONE or (everything // 10 + 1 if everything // 10 < 3000 * ONE else 3000 * ONE)
            all_ = sum(sums[language, label] for label in self.labels)
            weights[language] = [
                dirichlet(sums[language, label], totals[label], all_, everything, mu) if all_ and totals[label] else 0
                for label in self.labels
            ]
        return weights

    def set_weights(self):
        counts = self.counts
        self.term_weights = {term: self.weigh(sums) for term, sums in self.terms.items()}
        self.pair_weights = {pair: self.weigh(sums) for pair, sums in self.pairs.items()}
        self.part_weights = {part: {x: [0] * len(self.labels) for x in self.covered} for part in self.part_languages}
        if counts.share is not None:
            for weights in (*self.term_weights.values(), *self.pair_weights.values()):
                for language in self.covered:
                    weights[language] = [toward_zero(w * counts.share, 256) for w in weights[language]]
        for kind, language, key, labels in counts.refined:
            table = {"word": self.term_weights, "pair": self.pair_weights, "part": self.part_weights}[kind]
            thing = {"word": lambda k: self.term.get(k), "pair": self.pair_of, "part": lambda k: k}[kind](key)
            if language in self.covered and thing in table:
                for label, weight in labels.items():
                    if label in self.labels:
                        table[thing][language][self.labels.index(label)] += weight
        for term, sums in self.terms.items():
            mass = {x: sum(sums[x, label] for label in self.labels) for x in self.covered}
            lender = max(self.covered, key=lambda x: mass[x])
            for x in self.covered:
                if mass[lender] and not mass[x]:  # texts mix: borrowed from who has it most
                    self.term_weights[term][x] = list(self.term_weights[term][lender])

    def row(self, weights, has):
        if not has:
            return Row({None: [0] * len(self.labels)}, True)
        if len(has) == 1:
            return Row({None: [clamp(w) for w in weights[next(iter(has))]]}, True)
        return Row({x: [clamp(w) for w in weights[x]] for x in self.covered}, False)

    def set_rows(self):
        refined = self.counts.share is not None
        words = [word for word in self.ranked if word in self.term]
        mass = {
            w: sum(n * (self.label_scale[c] + self.language_scale[c]) for c, (n, _) in self.counts.words[w].items())
            for w in words
        }
        rank = {word: i for i, word in enumerate(self.ranked)}
        words = sorted(words, key=lambda w: (-mass[w], rank[w]))[: self.max_words]
        self.term_rows = {t: self.row(w, self.has[t]) for t, w in self.term_weights.items()}
        self.word_rows, self.word_languages = {}, {}
        for word in words:
            term = self.term[word]
            self.word_rows[word] = self.term_rows[term]
            if refined and word[0] != "<":
                weights = {x: list(w) for x, w in self.term_weights[term].items()}
                for piece in pieces(word):
                    for x, w in self.part_weights.get(piece, {}).items():
                        weights[x] = [a + b for a, b in zip(weights[x], w, strict=True)]
                self.word_rows[word] = self.row(weights, self.has[term])
            self.word_languages[word] = self.language_row(self.by_language(self.counts.words[word]))
        telling = {}
        for pair, sums in self.pairs.items():
            mass = {x: sum(sums[x, label] for label in self.labels) for x in self.covered}
            home = max(self.covered, key=lambda x: mass[x])
            weights = self.pair_weights[pair][home]
            telling[pair] = (muldiv(mass[home], max(weights) - min(weights), 256), weights)
        order = {pair: i for i, pair in enumerate(self.pairs)}
        chosen = sorted(self.pairs, key=lambda p: (-telling[p][0], order[p]))[: self.max_pairs]
        self.pair_rows = {pair: [clamp(w) for w in telling[pair][1]] for pair in chosen}

    def language_row(self, sums):
        total, all_ = (self.label_words * ONE) << 6, sum(sums.values())
        row = {}
        for x in self.languages:
            v = dirichlet(sums[x], total, all_, total * len(self.languages), total // 16) if all_ else 0
            row[x] = toward_zero(v + (-32 if v < 0 else 32), 64) * 64
        return row

    # ---- Scoring ----

    def unknown_term(self, word):
        """The term of an unknown word's stem: the language of its own letters first, then one that counted it, then any."""
        own = next((x for c in word for x, letters in OWN_LETTERS if c in letters), None)
        scripts = {script(c) for c in word}
        languages = [x for x in self.covered if x in STEMMED and STEMMED[x] in scripts]
        if own in languages:
            stem = self.stem(own, word)
            if stem in self.terms:
                return stem
        stems = [(x, self.stem(x, word)) for x in languages if x != own]
        stems = [(x, stem) for x, stem in stems if stem in self.terms]
        for x, stem in stems:
            if x in self.has[stem]:
                return stem
        if stems:
            return stems[0][1]
        bare = without_diacritics(word)
        return self.term[bare] if "latin" in scripts and bare != word and bare in self.word_rows else None

    def unknown_rows(self, word):
        """Rows of the pieces, then of the stem's term, each sum kept within 16 bits."""
        labels = {x: [0] * len(self.labels) for x in self.covered}
        languages = dict.fromkeys(self.languages, 0)
        for piece in pieces(word):
            if piece in self.part_weights:
                for x, w in self.part_weights[piece].items():
                    labels[x] = [clamp(a + clamp(b)) for a, b in zip(labels[x], w, strict=True)]
                for x, w in self.part_languages[piece].items():
                    languages[x] = clamp(languages[x] + w)
        term = self.unknown_term(word)
        if term is not None:
            for x in self.covered:
                labels[x] = [clamp(a + b) for a, b in zip(labels[x], self.term_rows[term].of(x), strict=True)]
        return term, Row(labels, False), languages

    def explain(self, text, language=None):
        """(language, priors, scores, evidence, spans): a span is (begin, end, kind, known, row)."""
        sums, spans, before = dict.fromkeys(self.languages, 0), [], None
        for token in tokenize(text):
            term, row, languages, known = None, Row({None: [0] * len(self.labels)}, True), {}, False
            if token.word in self.word_rows:
                known, term = True, self.term[token.word]
                row, languages = self.word_rows[token.word], self.word_languages[token.word]
            elif not token.marker:
                term, row, languages = self.unknown_rows(token.word)
                known = term is not None
            for x, w in languages.items():
                sums[x] += w
            spans.append((token.begin, token.end, "marker" if token.marker else "word", known, row, token.remark))
            if not token.remark:
                if (
                    before
                    and before[0] is not None
                    and term is not None
                    and not token.breaks
                    and (before[0], term) in self.pair_rows
                ):
                    pair = Row({None: self.pair_rows[before[0], term]}, True)
                    spans.append((before[1], token.end, "pair", True, pair, False))
                before = (term, token.begin)
        words = sum(1 for s in spans if s[2] != "pair" and not s[5])
        if language is None:
            best = max(self.languages, key=lambda x: sums[x])
            language = self.languages[0] if len(self.languages) == 1 and words else best if sums[best] > 0 else None
        column = language if language in self.covered else max(self.covered, key=lambda x: sums[x])
        rows = [(s[0], s[1], s[2], s[3], s[4].of(column)) for s in spans]
        evidence = sum(spread(s[4].of(column)) for s in spans if not s[5])
        scores = [sum(r[4][i] for r in rows) for i in range(len(self.labels))]
        return language, scores, evidence, rows


OWN_LETTERS = [("uk", "іїє"), ("ru", "ыэъ"), ("pl", "ąęłśźżćń")]
