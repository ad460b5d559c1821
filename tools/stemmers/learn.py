"""Learns a stemmer's rules from a full-form lexicon: README.md has the inputs, libclassify/STEMMERS.md the method.

Everything is deterministic: the same inputs give the same bytes.
"""

import argparse
import collections
import json
import os
import sys

from lexicon import Lexicon, fold
from table import ALPHABET, REFLEX, START, write_table

MAX_ADD = 9


def edit(word, stem, prefix):
    """The rule (cut, add, prefix) that makes stem of word, or None when it would not fit."""
    if prefix:
        word = word[3:]
    n = len(os.path.commonprefix((word, stem)))
    cut, add = len(word) - n, stem[n:]
    if len(add) > MAX_ADD or cut > 14 or len(add.encode()) > 8 + cut:
        return None
    return cut, add, prefix


def rules_of(word, stem, lang):
    got = []
    rule = edit(word, stem, "")
    if rule:
        got.append(rule)
    if lang == "pl":
        for prefix in ("naj", "nie"):
            if word.startswith(prefix) and len(word) > 5:
                rule = edit(word, stem, prefix)
                if rule and rule[0] < len(word) - 3:
                    got.append(rule)
    return got


def items_of(lex):
    """[(reversed word, weight, acceptable rules)] sorted."""
    code = {c: i + 1 for i, c in enumerate(ALPHABET[lex.lang])}
    stems, weights, leader = {}, collections.defaultdict(float), {}
    for key, forms in lex.forms.items():
        stem = REFLEX if key in lex.reflexive else lex.stem[key]
        for f, w in forms.items():
            stems.setdefault(f, []).append((lex.weight[key], stem))
            leader[f] = max(leader.get(f, 0.0), lex.weight[key])
            weights[f] += w
    for f, choices in stems.items():  # a lemma that is rare beside another of the form has no say
        stems[f] = {stem for weight, stem in choices if weight >= lex.o.rival * leader[f]}
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
                if word.endswith(("ся", "сь")):
                    rules.add(REFLEX)
            else:
                rules.update(rules_of(word, stem, lex.lang))
        for r in rules:
            common[r] += weights[word]
        made.append((word, weights[word], rules))
    keep = {r for r, _ in sorted(common.items(), key=lambda x: (-x[1], str(x[0])))[: lex.o.rules]}
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
        items.append(
            (
                bytes(code[c] for c in reversed(word)) + b"\0",
                w,
                tuple(sorted(order[r] for r in accept)),
            )
        )
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
        identity = (0, "", "")
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
            while j < end:  # the first item with another letter here
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


def apply(root, word):
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
        return apply(root, word[:-2]) + "ся" if len(word) > 3 else word
    cut, add, prefix = rule
    head = 0
    if prefix and word.startswith(prefix) and len(word) > 5 and len(word) - 3 - cut + len(add) >= 2 and cut < len(word) - 3:
        head = 3
    if len(word) - head - cut + len(add) < 2:
        return word
    return word[head : len(word) - cut] + add


def vote(lex, root):
    """Each lemma takes the stem that the present rules give to most of its forms; a stem has one owner."""
    changed = 0
    claim = {}
    choice = {}
    for key in lex.stem:
        got = collections.defaultdict(float)
        for f, w in lex.forms[key].items():
            got[apply(root, f)] += w
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


def learn(lex, o):
    """Rounds of learning a coarse trie and voting by it; then the trie at the price asked for."""
    for turn in range(o.rounds + 1):
        last = turn == o.rounds
        items, rules = items_of(lex)
        tree = Tree(items, rules, o.price if last else 3 * o.price, o.depth, ALPHABET[o.lang])
        root = tree.extract()
        print(f"round {turn}: {tree.nodes} nodes, cost {tree.root[2]:.0f}", file=sys.stderr)
        if not last:
            print(f"{vote(lex, root)} lemmas take another stem", file=sys.stderr)
    return root


def options():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("lang", choices=("uk", "pl"))
    ap.add_argument("--lexicon", required=True, help="form<TAB>lemma<TAB>slot, from lexicon_uk.py or lexicon_pl.py")
    ap.add_argument("--irregular", required=True, help="lemma and forms, a lemma a line")
    ap.add_argument("--texts", nargs="*", default=[], help="JSON lines with a field `text`, for word frequencies")
    ap.add_argument("--header", help="where the C table goes")
    ap.add_argument("--origin", nargs="*", default=[], help="lines for the head of the table")
    ap.add_argument("--skip-lemmas", help="lemmas left out of the lexicon, to measure on them")
    ap.add_argument("--map", nargs="*", default=[], help="lexicons to stem: writes WORDS.map beside --dump")
    ap.add_argument("--dump", help="prefix of the maps; the rules themselves go here as JSON")
    ap.add_argument("--depth", type=int, default=14, help="letters a rule may look at")
    ap.add_argument("--rules", type=int, default=1000, help="different edits")
    ap.add_argument("--rounds", type=int, default=2)
    ap.add_argument("--price", type=float, required=True, help="what a node costs, in weight of words stemmed wrongly")
    ap.add_argument("--prior", type=float, default=1.0, help="weight of lemmas that the texts lack")
    ap.add_argument("--base", type=float, default=0.01, help="weight of any lemma")
    ap.add_argument("--irregular-weight", dest="listed", type=float, default=5.0)
    ap.add_argument("--slot-power", type=float, default=0.7)
    ap.add_argument("--slot-base", type=float, default=0.02)
    ap.add_argument("--attested", type=float, default=0.5, help="extra weight of a form that the texts have")
    ap.add_argument("--collide", type=float, default=2.0, help="how much a lemma shuns a stem that another has")
    ap.add_argument("--rival", type=float, default=0.5, help="share of the heaviest lemma's weight that counts")
    ap.add_argument("--idempotent", type=float, default=0.1, help="weight of stems as words of their own")
    ap.add_argument("--thin", type=float, default=0.04)
    return ap


def main():
    o = options().parse_args()
    lex = Lexicon(o.lang, o)
    skip = set()
    if o.skip_lemmas:
        with open(o.skip_lemmas, encoding="utf-8") as lines:
            skip = set(lines.read().split())
    lex.read(o.lexicon, o.irregular, o.texts, skip)
    lex.weigh()
    print(f"{len(lex.stem)} lemmas, {sum(map(len, lex.forms.values()))} forms", file=sys.stderr)
    root = learn(lex, o)
    if o.header:
        nodes, rules, size = write_table(o.header, o.lang, root, o.origin)
        print(f"{nodes} nodes stored, {rules} rules, {size} bytes", file=sys.stderr)
    if o.dump:
        with open(o.dump, "w", encoding="utf-8") as out:
            json.dump(root, out, ensure_ascii=False)
    for path in o.map:
        target = "{}.{}.map".format(o.dump, path.split("/")[-1])
        with open(path, encoding="utf-8") as lines:
            words = sorted({line.split("\t")[0] for line in lines})
        with open(target, "w", encoding="utf-8") as out:
            out.writelines(f"{word}\t{apply(root, fold(o.lang, word))}\n" for word in words)


if __name__ == "__main__":
    main()
