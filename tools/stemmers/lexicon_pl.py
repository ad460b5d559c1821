"""Reads PoliMorf out of Morfologik's dictionary: (form, lemma, tag) triples.

The dictionary is a CFSA2 automaton (Dawid Weiss's compact variant of Jan Daciuk's FSA) whose words are
`form+CODE+tag`; CODE says how the lemma is made of the form: two letters that count the bytes to drop at
the start and at the end ('A' is none), then the bytes to append.
"""

import sys
import zipfile

DICT = "morfologik/dictionaries/pl.dict"
TARGET_NEXT, LAST_ARC, FINAL_ARC, LABEL = 0x80, 0x40, 0x20, 0x1F


def words(fsa):
    """All byte strings of the automaton, depth first."""
    if fsa[:5] != b"\\fsa\xc6" or fsa[5] & 1:
        sys.exit("not a CFSA2 automaton without numbers")
    size = fsa[7]
    labels, arcs = fsa[8 : 8 + size], fsa[8 + size :]

    def vint(at):
        value = shift = 0
        while True:
            byte = arcs[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value, at
            shift += 7

    def node(at):
        """The arcs of the node at `at`: (label, final, target)."""
        found, pending = [], []
        while True:
            flags = arcs[at]
            at += 1
            label = labels[flags & LABEL]
            if not flags & LABEL:
                label = arcs[at]
                at += 1
            if flags & TARGET_NEXT:
                pending.append(len(found))
                target = None
            else:
                target, at = vint(at)
            found.append([label, flags & FINAL_ARC, target])
            if flags & LAST_ARC:
                break
        for i in pending:
            found[i][2] = at
        return found

    cache = {}
    stack = [(b"", iter(node(node(0)[0][2])))]
    while stack:
        prefix, it = stack[-1]
        for label, final, target in it:
            word = prefix + bytes((label,))
            if final:
                yield word
            if target:
                arcs_there = cache.get(target)
                if arcs_there is None:
                    arcs_there = cache[target] = node(target)
                stack.append((word, iter(arcs_there)))
                break
        else:
            stack.pop()


def triples(jar):
    with zipfile.ZipFile(jar) as archive:
        fsa = archive.read(DICT)
    for word in words(fsa):
        form, code, tag = word.split(b"+", 2)
        head, tail = code[0] - 65, code[1] - 65
        lemma = form[head : len(form) - tail] + code[2:]
        yield form.decode(), lemma.decode(), tag.decode()


if __name__ == "__main__":
    for triple in triples(sys.argv[1]):
        print("\t".join(triple))
