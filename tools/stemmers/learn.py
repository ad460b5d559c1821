"""Learns a stemmer's rules from a full-form lexicon. See README.md for the inputs, STEMMERS.md for the method.

    learn.py uk|pl --lexicon TRIPLES.tsv --irregular FILE --texts JSONL... --nodes N --header OUT [--map WORDS]

Everything is deterministic: the same inputs give the same bytes.
"""
import argparse
import collections
import json
import math
import random
import re
import sys
import time
import zlib

import table

START = '^'          # the letter before a word's first
REFLEX = '*'         # the rule that takes -ся/-сь off, stems the rest and puts -ся back
MAX_ADD = 7

PL_FOLD = str.maketrans('ąćęłńóśźż', 'acelnoszz')
UK_FOLD = str.maketrans("ґё’ʼ‘′`", "ге'''''")
ALPHABET = {'uk': "абвгдеєжзиіїйклмнопрстуфхцчшщьюя'", 'pl': 'abcdefghijklmnopqrstuvwxyz'}
VOWELS = {'uk': 'аеєиіїоуюя', 'pl': 'aeiouy'}


def fold(lang, word):
    return word.lower().translate(PL_FOLD if lang == 'pl' else UK_FOLD)


# --- what a lemma's stem is to begin with -------------------------------------------------

def first_stem_uk(lemma, slots, o):
    if any(s[0] in 'XYZPyt' for s in slots):
        verb = re.sub(r'ти(ся|сь)?$', '', lemma)
        if verb != lemma and o.verb == 'vowel':
            return verb
        if verb != lemma:
            verb = re.sub(r'([аоюуієї])ва$', r'\1', verb) if verb.endswith(('ува', 'юва')) else \
                re.sub(r'[аяиіїу]$', '', verb)
            return verb
    if lemma.endswith(('ий', 'ій', 'їй')) and any(s[0] == 'j' for s in slots):
        return lemma[:-2] + ('и' if o.adj == 'vowel' else '')
    if lemma.endswith(tuple('аяоеєьй')) and len(slots) > 1:
        return lemma[:-1]
    return lemma


def first_stem_pl(lemma, slots, o):
    if any(s.startswith('verb') for s in slots):
        verb = re.sub(r'c$', '', lemma)
        if o.verb == 'vowel':
            return verb
        return re.sub(r'(owa|[aeiy])$', '', verb)
    if any(s.startswith('adj') for s in slots):
        return re.sub(r'[yi]$', 'y' if o.adj == 'vowel' else '', lemma)
    if len(slots) > 1:
        return re.sub(r'i?[aeoyi]$', '', lemma)
    return lemma


class Lexicon:
    """lemma -> {form: weight}; stem[lemma] is what its forms should become."""

    def __init__(self, lang, options):
        self.lang, self.o = lang, options
        self.forms, self.slots, self.stem, self.weight = {}, {}, {}, {}
        self.reflexive = set()

    def read(self, triples, irregular, texts, skip=()):
        lang = self.lang
        ok = re.compile('[%s]+$' % ALPHABET[lang]).match
        listed = {}
        for line in open(irregular, encoding='utf-8'):
            part = line.split('#')[0].split()
            for form in part:
                listed.setdefault(fold(lang, form), []).append(fold(lang, part[0]))
        raw = {}                                  # lemma -> form -> slots
        capital = set()
        with open(triples, encoding='utf-8') as lines:
            for line in lines:
                form, lemma, slot = line.rstrip('\n').split('\t')
                key = lemma.lower()
                if key in skip:
                    continue
                if lang == 'uk' and slot[0] == '-':
                    slot = '-' + slot[1:3]
                if form[0] != form[0].lower():
                    capital.add(key)
                raw.setdefault(key, {}).setdefault(fold(lang, form), []).append(slot)
        if lang == 'uk':
            self.split_adverbs(raw)
        for key in list(raw):
            raw[key] = {f: s for f, s in raw[key].items()
                        if ok(f) and not (f in listed and len(raw[key]) == 1 and fold(lang, key) not in listed[f])}
            if not raw[key]:
                del raw[key]
        for form, lemmas in listed.items():
            for lemma in lemmas:
                raw.setdefault(lemma, {}).setdefault(form, ['irregular'])
        self.raw = raw, capital, self.count(texts), {l for ls in listed.values() for l in ls}

    @staticmethod
    def split_adverbs(raw):
        """Adverbs of adjectives (flag +) are words of their own."""
        for key in list(raw):
            if key.endswith(('ий', 'ій')):
                adverbs = [f for f, s in raw[key].items() if any(x[0] == '+' for x in s)]
                for f in adverbs:
                    raw[key][f] = [x for x in raw[key][f] if x[0] != '+']
                    if not raw[key][f]:
                        del raw[key][f]
                    if f not in raw:
                        raw[f] = {f: ['-+']}

    def count(self, texts):
        letters = re.compile("[%s’ʼąćęłńóśźżґ]+" % ALPHABET[self.lang])
        found = collections.Counter()
        for path in texts:
            for line in open(path, encoding='utf-8'):
                for word in letters.findall(json.loads(line)['text'].lower()):
                    found[fold(self.lang, word)] += 1
        return found

    def weigh(self):
        """A form's weight: how often such a lemma and such a place of the paradigm turn up in running text."""
        o = self.o
        raw, capital, seen, listed = self.raw
        self.forms, self.slots, self.stem, self.weight = {}, {}, {}, {}
        self.reflexive = set()
        owners = collections.Counter()
        for forms in raw.values():
            for f in forms:
                owners[f] += 1
        used, have = collections.Counter(), collections.Counter()
        lemma_seen, group_seen, group_all = {}, collections.Counter(), collections.Counter()
        group = {}
        for key, forms in raw.items():
            n = sum(seen[f] / owners[f] for f in forms if f in seen)
            slot = next(iter(forms.values()))[0]
            kind = slot.split(':')[0] if self.lang == 'pl' else slot[:2]
            group[key] = (kind, min(len(key), 16), key in capital)
            group_all[group[key]] += 1
            if n:
                lemma_seen[key] = n
                group_seen[group[key]] += 1
                for f, slots in forms.items():
                    for s in set(slots):
                        have[s] += 1
                        if f in seen:
                            used[s] += 1
        for key, forms in raw.items():
            g = group[key]
            prior = (group_seen[g] + 0.02) / (group_all[g] + 1)
            w = o.prior * prior ** o.prior_power + math.log1p(lemma_seen.get(key, 0)) * o.seen + o.base
            if key in listed:
                w += o.listed
            self.slots[key] = {s for ss in forms.values() for s in ss}
            made = {}
            for f, slots in forms.items():
                share = max((used[s] + 0.3) / (have[s] + 3) if s != 'irregular' else 0.5 for s in slots)
                made[f] = w * (share ** o.slot_power + o.slot_base) + (o.attested if f in seen else 0)
            self.forms[key] = self.thin(made)
        first = first_stem_uk if self.lang == 'uk' else first_stem_pl
        reflexive = {}
        for key in list(self.forms):
            if self.lang == 'uk' and key.endswith('ся') and any(s[0] in 'XYZPyt' for s in self.slots[key]):
                self.reflexive.add(key)
        for key in self.reflexive:
            bare = self.forms.setdefault(key[:-2], {})
            self.slots.setdefault(key[:-2], set()).update(self.slots[key])
            for f, w in self.forms[key].items():
                if f.endswith(('ся', 'сь')):
                    bare[f[:-2]] = bare.get(f[:-2], 0) + w
        for key in [k for k in self.forms if not self.forms[k]]:
            del self.forms[key]
            self.reflexive.discard(key)
        for key in self.forms:
            if key not in self.reflexive:
                stem = first(fold(self.lang, key), self.slots[key], o)
                self.stem[key] = stem if len(stem) >= 2 else fold(self.lang, key)
            self.weight[key] = sum(self.forms[key].values())


    def thin(self, forms):
        """Of the forms lighter than o.thin, a share that keeps their weight: a fixed sample, not a random one."""
        least = self.o.thin
        made = {}
        for f, w in forms.items():
            if w >= least:
                made[f] = w
            elif zlib.crc32(f.encode()) < w / least * 2**32:
                made[f] = least
        return made


# --- rules --------------------------------------------------------------------------------

def edit(word, stem, prefix):
    """The rule (cut, add, prefix) that makes stem of word, or None when it would not fit."""
    if prefix:
        word = word[3:]
    n = 0
    for a, b in zip(word, stem):
        if a != b:
            break
        n += 1
    cut, add = len(word) - n, stem[n:]
    if len(add) > MAX_ADD or cut > 14 or len(add.encode()) > 6 + cut:
        return None
    return cut, add, prefix


def rules_of(word, stem, lang):
    got = []
    rule = edit(word, stem, '')
    if rule:
        got.append(rule)
    if lang == 'pl':
        for prefix in ('naj', 'nie'):
            if word.startswith(prefix) and len(word) > 5:
                rule = edit(word, stem, prefix)
                if rule and rule[0] < len(word) - 3:
                    got.append(rule)
    return got


def items_of(lex):
    """[(reversed word, weight, acceptable rules)] sorted."""
    code = {c: i + 1 for i, c in enumerate(ALPHABET[lex.lang])}
    stems = {}
    weights = collections.defaultdict(float)
    for key, forms in lex.forms.items():
        if key in lex.reflexive:
            for f, w in forms.items():
                stems.setdefault(f, set()).add(REFLEX)
                weights[f] += w
            continue
        stem = lex.stem[key]
        for f, w in forms.items():
            stems.setdefault(f, set()).add(stem)
            weights[f] += w
    if lex.o.idempotent:
        for key, stem in lex.stem.items():
            if not all(c in code for c in stem):
                continue
            if stem not in stems:
                stems[stem] = {stem}
                weights[stem] = 0
            if stem in stems[stem]:
                weights[stem] += lex.o.idempotent * lex.weight[key]
    common = collections.Counter()
    made = []
    for word, targets in stems.items():
        rules = set()
        for stem in targets:
            if stem == REFLEX:
                if word.endswith(('ся', 'сь')):
                    rules.add(REFLEX)
            else:
                rules.update(rules_of(word, stem, lex.lang))
        for r in rules:
            common[r] += weights[word]
        made.append((word, weights[word], rules))
    keep = {r for r, _ in sorted(common.items(), key=lambda x: (-x[1], str(x[0])))[:lex.o.rules]}
    prefixed = collections.defaultdict(list)
    for r in keep:
        if r != REFLEX and r[2]:
            prefixed[r[:2]].append(r)
    order = {r: i for i, r in enumerate(sorted(keep, key=str))}
    items = []
    for word, w, rules in made:
        accept = [r for r in rules if r in keep]
        for r in list(accept):
            if r != REFLEX and not r[2]:
                accept += [p for p in prefixed.get(r[:2], ()) if not word.startswith(p[2]) or len(word) <= 5]
        items.append((bytes(code[c] for c in reversed(word)) + b'\0', w, tuple(order[r] for r in accept)))
    items.sort()
    table = sorted(keep, key=str)
    return items, table


class Tree:
    """The cheapest set of suffix rules: errors (weight of words stemmed wrongly) plus `price` a node.

    Exact, bottom-up. For a suffix node, W is the weight below it, right[q] the weight that rule q gets right, and
    G = price + min over q of the sum over children of f(child, q), where f(node, q) = min(W - right[q], G): leave
    the words to the rule inherited from a shorter suffix, or make a node. G does not depend on what is inherited.
    """

    def __init__(self, items, table, price, depth, alphabet):
        self.items, self.table, self.price, self.depth = items, table, price, depth
        self.letters = START + alphabet
        self.cuts = [2 if r == REFLEX else r[0] for r in table]
        identity = (0, '', '')
        self.identity = table.index(identity)
        sys.setrecursionlimit(10000)
        self.root = self.solve(0, len(items), 0)
        self.nodes = 0

    def solve(self, lo, hi, d):
        items, price = self.items, self.price
        total = 0.0
        for i in range(lo, hi):
            total += items[i][1]
        if total <= price or d >= self.depth or hi - lo == 1 and d and items[lo][0][d - 1] == 0:
            right = {}
            for i in range(lo, hi):
                _, w, rules = items[i]
                for r in rules:
                    right[r] = right.get(r, 0.0) + w
            if total <= price:
                return total, right, 1e99, None, None
            best, got = self.identity, right.get(self.identity, 0.0)
            for q, v in sorted(right.items()):
                if v > got and self.cuts[q] <= d:
                    best, got = q, v
            return total, right, price + total - got, best, ()
        children = []
        i = lo
        while i < hi:
            letter = items[i][0][d]
            j, end = i + 1, hi
            while j < end:                        # the first item with another letter here
                mid = (j + end) // 2
                if items[mid][0][d] == letter:
                    j = mid + 1
                else:
                    end = mid
            children.append((letter, self.solve(i, j, d + 1)))
            i = j
        if len(children) == 1:
            right = children[0][1][1]
            total = children[0][1][0]
        else:
            biggest = max(range(len(children)), key=lambda k: len(children[k][1][1]))
            right = dict(children[biggest][1][1])
            total = 0.0
            for k, (_, c) in enumerate(children):
                total += c[0]
                if k != biggest:
                    for q, v in c[1].items():
                        right[q] = right.get(q, 0.0) + v
        base, gain = 0.0, {}
        for _, (w, r, g, _, _) in children:
            b = min(w, g)
            base += b
            for q, v in r.items():
                if w - v < b:
                    gain[q] = gain.get(q, 0.0) + b - (w - v)
        best, got = self.identity, gain.get(self.identity, 0.0)
        for q, v in sorted(gain.items()):
            if v > got and self.cuts[q] <= d:
                best, got = q, v
        return total, right, price + base - got, best, children

    def extract(self):
        """Nested [rule or None when inherited, {letter: node}]."""
        self.nodes = 0

        def walk(node, inherited):
            total, right, made, rule, children = node
            if children is None or total - right.get(inherited, 0.0) <= made:
                return None
            self.nodes += 1
            below = {}
            for letter, child in children:
                sub = walk(child, rule)
                if sub:
                    below[self.letters[letter]] = sub
            return [None if rule == inherited else self.table[rule], below]
        _, _, _, rule, children = self.root
        below = {}
        for letter, child in children:
            sub = walk(child, rule)
            if sub:
                below[self.letters[letter]] = sub
        return [self.table[rule], below]


def apply(root, word, lang):
    """The stem, as the C engine computes it."""
    rule, node = root[0], root
    at = len(word)
    while True:
        at -= 1
        node = node[1].get(word[at] if at >= 0 else START)
        if node is None:
            break
        if node[0] is not None:
            rule = node[0]
        if at < 0:
            break
    if rule == REFLEX:
        return apply(root, word[:-2], lang) + 'ся' if len(word) > 3 else word
    cut, add, prefix = rule
    head = 0
    if prefix and word.startswith(prefix) and len(word) > 5 and len(word) - 3 - cut + len(add) >= 2 and cut < len(word) - 3:
        head = 3
    if len(word) - head - cut + len(add) < 2:
        return word
    return word[head:len(word) - cut] + add


def vote(lex, root):
    """Each lemma takes the stem that the present rules give to most of its forms; a stem has one owner."""
    changed = 0
    claim = {}
    choice = {}
    for key in lex.stem:
        got = collections.defaultdict(float)
        for f, w in lex.forms[key].items():
            got[apply(root, f, lex.lang)] += w
        got[lex.stem[key]] += 0.05 * lex.weight[key]
        ranked = sorted(got.items(), key=lambda x: (-x[1], x[0]))
        choice[key] = [(s, w) for s, w in ranked if len(s) >= 2][:4] or [(lex.stem[key], 1)]
    for key in sorted(choice, key=lambda k: (-lex.weight[k], k)):
        best = None
        for s, w in choice[key]:
            value = w - lex.o.collide * min(claim.get(s, 0.0), lex.weight[key])
            if best is None or value > best[0]:
                best = (value, s)
        s = best[1]
        claim[s] = claim.get(s, 0.0) + lex.weight[key]
        if s != lex.stem[key]:
            changed += 1
            lex.stem[key] = s
    return changed


def learn(lex):
    o = lex.o
    price = o.price
    t0 = time.time()
    for r in range(o.rounds + 1):
        items, found = items_of(lex)
        print('items %.0f s' % (time.time() - t0), file=sys.stderr)
        last = r == o.rounds
        want = o.nodes if last else o.nodes // 2
        for _ in range(o.tries if last else 1):
            tree = Tree(items, found, price, o.depth, ALPHABET[o.lang])
            root = tree.extract()
            print('%.0f s' % (time.time() - t0), 'round', r, 'price %.3f' % price, 'nodes', tree.nodes, 'cost %.0f' % tree.root[2], file=sys.stderr)
            if 0.97 * want <= tree.nodes <= want:
                break
            if not last or _ + 1 < o.tries:
                price *= (tree.nodes / (0.985 * want)) ** 1.1
        if not last:
            print('changed', vote(lex, root), file=sys.stderr)
    return root


def main(args=None, loaded=None):
    ap = argparse.ArgumentParser()
    ap.add_argument('lang', choices=('uk', 'pl'))
    ap.add_argument('--lexicon', required=True)
    ap.add_argument('--irregular', required=True)
    ap.add_argument('--texts', nargs='*', default=[])
    ap.add_argument('--nodes', type=int, default=20000)
    ap.add_argument('--depth', type=int, default=14)
    ap.add_argument('--rules', type=int, default=1000)
    ap.add_argument('--rounds', type=int, default=3)
    ap.add_argument('--price', type=float, default=1.0)
    ap.add_argument('--tries', type=int, default=6)
    ap.add_argument('--prior', type=float, default=3.0)
    ap.add_argument('--prior-power', type=float, default=1.0)
    ap.add_argument('--seen', type=float, default=1.0)
    ap.add_argument('--base', type=float, default=0.01)
    ap.add_argument('--irregular-weight', dest='listed', type=float, default=5.0)
    ap.add_argument('--slot-power', type=float, default=1.0)
    ap.add_argument('--slot-base', type=float, default=0.02)
    ap.add_argument('--attested', type=float, default=0.5)
    ap.add_argument('--collide', type=float, default=0.5)
    ap.add_argument('--idempotent', type=float, default=0.02)
    ap.add_argument('--verb', default='vowel')
    ap.add_argument('--adj', default='')
    ap.add_argument('--thin', type=float, default=0.04)
    ap.add_argument('--skip-lemmas')
    ap.add_argument('--dump')
    ap.add_argument('--header')
    ap.add_argument('--origin', nargs='*', default=[])
    ap.add_argument('--map', nargs='*', default=[])
    o = ap.parse_args(args)
    lex = loaded or Lexicon(o.lang, o)
    lex.o = o
    skip = set(open(o.skip_lemmas, encoding='utf-8').read().split()) if o.skip_lemmas else ()
    if not loaded:
        lex.read(o.lexicon, o.irregular, o.texts, skip)
    lex.weigh()
    print('lemmas', len(lex.stem), 'forms', sum(map(len, lex.forms.values())), 'weight', int(sum(lex.weight.values())), file=sys.stderr)
    root = learn(lex)
    if o.header:
        print('nodes, rules, bytes', *table.write_table(o.header, o.lang, root, ALPHABET[o.lang], o.origin), file=sys.stderr)
    if o.dump:
        json.dump(root, open(o.dump, 'w', encoding='utf-8'), ensure_ascii=False)
    for path in o.map:
        with open(path, encoding='utf-8') as lines, open(o.dump + '.' + path.split('/')[-1] + '.map', 'w', encoding='utf-8') as out:
            for word in sorted({line.split('\t')[0] for line in lines}):
                out.write('%s\t%s\n' % (word, apply(root, fold(o.lang, word), o.lang)))
    return lex


if __name__ == '__main__':
    main()
