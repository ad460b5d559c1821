"""A full-form lexicon with weights: what the stemmer is learned from.

A form weighs as much as such a lemma, and such a place in its paradigm, turn up in running text. The dictionaries have
no frequencies, so they are estimated from this project's own texts: a lemma that the texts have weighs the logarithm of
its count; one that they lack, the share of lemmas of its kind (part of speech, length, capital) that they have.
"""

import collections
import json
import math
import re
import zlib

from table import ALPHABET

PL_FOLD = str.maketrans("ąćęłńóśźż", "acelnoszz")
UK_FOLD = str.maketrans("ґё’ʼ‘′`", "ге'''''")
VERB_FLAGS = "XYZPyt"  # hunspell's flags of verbs


def fold(lang, word):
    """As the C stemmer reads a word."""
    return word.lower().translate(PL_FOLD if lang == "pl" else UK_FOLD)


def is_verb(slots):
    return any(s[0] in VERB_FLAGS for s in slots)


def first_stem(lang, lemma, slots):
    """What a lemma's stem is to begin with; the votes of its forms change it later. A verb keeps its thematic vowel, so
    that it stays apart from the noun of its root (радити, рада) and its aspect pair (залишити, залишати)."""
    if lang == "uk":
        if is_verb(slots) and re.search("ти(ся|сь)?$", lemma):
            return re.sub("ти(ся|сь)?$", "", lemma)
        if lemma.endswith(("ий", "ій", "їй")) and any(s[0] == "j" for s in slots):
            return lemma[:-2]
        return lemma[:-1] if len(slots) > 1 and lemma.endswith(tuple("аяоеєьй")) else lemma
    if any(s.startswith("verb") for s in slots):
        return re.sub("c$", "", lemma)
    if any(s.startswith("adj") for s in slots):
        return re.sub("[yi]$", "", lemma)
    return re.sub("i?[aeoyi]$", "", lemma) if len(slots) > 1 else lemma


class Lexicon:
    """forms[lemma] = {form: weight}; stem[lemma] is what its forms should become.

    The forms of a reflexive verb stand, less -ся, under the lemma less -ся; `reflexive` has the verbs themselves.
    """

    def __init__(self, lang, options):
        self.lang, self.o = lang, options
        self.forms, self.slots, self.stem, self.weight = {}, {}, {}, {}
        self.reflexive = set()

    def read(self, triples, irregular, texts, skip=()):
        listed = self.read_irregular(irregular, skip)
        raw, capital = self.read_triples(triples, skip)
        letters = re.compile(f"[{ALPHABET[self.lang]}]+$").match
        for lemma in list(raw):
            raw[lemma] = {f: s for f, s in raw[lemma].items() if letters(f) and lemma in listed.get(f, [lemma])}
            if not raw[lemma]:
                del raw[lemma]
        for form, lemmas in listed.items():
            for lemma in lemmas:
                raw.setdefault(lemma, {}).setdefault(form, ["irregular"])
        self.raw, self.capital = raw, capital
        self.listed = listed
        self.listed_lemmas = {lemma for lemmas in listed.values() for lemma in lemmas}
        self.seen = self.count(texts)

    def read_irregular(self, path, skip):
        """form -> lemmas. A listed form belongs to these alone: люди is людина's, not люд's."""
        listed = {}
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                part = line.split("#")[0].split()
                for form in part if part and part[0] not in skip else ():
                    listed.setdefault(fold(self.lang, form), []).append(part[0])
        return listed

    def read_triples(self, path, skip):
        """lemma -> form -> slots, and the lemmas that have a form with a capital"""
        raw, capital = {}, set()
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                form, lemma, slot = line.rstrip("\n").split("\t")
                lemma = lemma.lower()
                if lemma in skip:
                    continue
                if self.lang == "uk" and slot[0] == "-":
                    slot = slot[:3]
                if form[0] != form[0].lower():
                    capital.add(lemma)
                raw.setdefault(lemma, {}).setdefault(fold(self.lang, form), []).append(slot)
        if self.lang == "uk":
            split_adverbs(raw)
        return raw, capital

    def count(self, texts):
        word = re.compile(f"[{ALPHABET[self.lang]}’ʼąćęłńóśźżґ]+")
        seen = collections.Counter()
        for path in sorted(texts):
            with open(path, encoding="utf-8") as lines:
                for line in lines:
                    for found in word.findall(json.loads(line)["text"].lower()):
                        seen[fold(self.lang, found)] += 1
        return seen

    def weigh(self):
        lemma_weight, share = self.shares()
        for lemma, forms in self.raw.items():
            self.slots[lemma] = {s for slots in forms.values() for s in slots}
            made = {}
            for f, slots in forms.items():
                usual = max(share(s) for s in slots) ** self.o.slot_power + self.o.slot_base
                made[f] = lemma_weight(lemma) * usual + (self.o.attested if f in self.seen else 0)
            self.forms[lemma] = self.thin(made)
        self.split_reflexives()
        for lemma in [k for k in self.forms if not self.forms[k]]:
            del self.forms[lemma]
            self.reflexive.discard(lemma)
        for lemma in self.forms:
            if lemma not in self.reflexive:
                folded = fold(self.lang, lemma)
                stem = first_stem(self.lang, folded, self.slots[lemma])
                self.stem[lemma] = stem if len(stem) >= 2 else folded
            self.weight[lemma] = sum(self.forms[lemma].values())

    def shares(self):
        """How much a lemma weighs, and in what share of the lemmas that the texts have a slot is used."""
        used, have = collections.Counter(), collections.Counter()
        kind, kind_seen, kind_all = {}, collections.Counter(), collections.Counter()
        count = self.lemma_counts()
        for lemma, forms in self.raw.items():
            slot = next(iter(forms.values()))[0]
            pos = slot.split(":")[0] if self.lang == "pl" else slot[:2]
            kind[lemma] = pos, min(len(lemma), 16), lemma in self.capital
            kind_all[kind[lemma]] += 1
            n = count.get(lemma, 0)
            if n < 0.1:
                continue
            kind_seen[kind[lemma]] += 1
            for f, slots in forms.items():
                for s in set(slots):
                    have[s] += 1
                    used[s] += f in self.seen

        def lemma_weight(lemma):
            k = kind[lemma]
            return (
                self.o.prior * (kind_seen[k] + 0.02) / (kind_all[k] + 1)
                + math.log1p(count.get(lemma, 0))
                + self.o.base
                + (self.o.listed if lemma in self.listed_lemmas else 0)
            )

        def share(slot):
            return 0.5 if slot == "irregular" else (used[slot] + 0.3) / (have[slot] + 3)

        return lemma_weight, share

    def lemma_counts(self, rounds=5):
        """How often each lemma stands in the texts, by expectation maximisation.

        A form of several lemmas is shared out by how often each stands there by its other forms: зброю is of зброя,
        hardly of зброїти.
        """
        owners = collections.defaultdict(list)
        for lemma, forms in self.raw.items():
            for f in forms:
                if f in self.seen:
                    owners[f].append(lemma)
        count = {lemma: 1.0 for lemmas in owners.values() for lemma in lemmas}
        for _ in range(rounds):
            found = dict.fromkeys(count, 0.0)
            for f, lemmas in owners.items():
                whole = sum(count[lemma] for lemma in lemmas)
                for lemma in lemmas if whole else ():
                    found[lemma] += self.seen[f] * count[lemma] / whole
            count = found
        return count

    def thin(self, forms):
        """Of the forms lighter than o.thin, a share that weighs o.thin each: a fixed sample with the same sum."""
        least = self.o.thin
        made = {}
        for f, w in forms.items():
            if w >= least:
                made[f] = w
            elif zlib.crc32(f.encode()) < w / least * 2**32:
                made[f] = least
        return made

    def split_reflexives(self):
        if self.lang == "uk":
            self.reflexive = {k for k in self.forms if k.endswith("ся") and is_verb(self.slots[k])}
        for lemma in sorted(self.reflexive):
            bare = self.forms.setdefault(lemma[:-2], {})
            self.slots.setdefault(lemma[:-2], set()).update(self.slots[lemma])
            for f, w in self.forms[lemma].items():
                if f.endswith(("ся", "сь")) and lemma[:-2] in self.listed.get(f[:-2], [lemma[:-2]]):
                    bare[f[:-2]] = bare.get(f[:-2], 0) + w


def split_adverbs(raw):
    """An adverb that hunspell derives from an adjective (flag +) is a word of its own."""
    for lemma in [k for k in raw if k.endswith(("ий", "ій"))]:
        forms = raw[lemma]
        for f in [f for f, slots in forms.items() if any(s[0] == "+" for s in slots)]:
            forms[f] = [s for s in forms[f] if s[0] != "+"]
            if not forms[f]:
                del forms[f]
            raw.setdefault(f, {f: ["-+"]})
