"""Expands hunspell's Ukrainian dictionary: (form, root, slot) triples.

A slot names the affix rule that made the form (flag and number of the rule), so that equal slots mean
the same place of the same paradigm. The dictionary has suffix rules only.
"""

import re
import sys


def read_affixes(path):
    """flag -> [(slot, cut, add, pattern)]"""
    rules = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            part = line.split()
            if len(part) >= 5 and part[0] == "SFX":
                flag, cut, add, condition = part[1:5]
                cut = "" if cut == "0" else cut
                add = "" if add == "0" else add
                group = rules.setdefault(flag, [])
                slot = f"{flag}{len(group)}"
                group.append((slot, cut, add, re.compile(f"(?:{condition})$")))
    return rules


def triples(aff, dic):
    rules = read_affixes(aff)
    with open(dic, encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            root, _, flags = line.strip().partition("/")
            yield root, root, "-" + flags
            for flag in flags:
                for slot, cut, add, pattern in rules.get(flag, ()):
                    if root.endswith(cut) and pattern.search(root):
                        yield root[: len(root) - len(cut)] + add, root, slot


if __name__ == "__main__":
    for triple in triples(sys.argv[1], sys.argv[2]):
        print("\t".join(triple))
