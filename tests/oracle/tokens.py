"""A text to folded words and markers: the tokenizer once more, written to be read, not to be fast, on Python's unicodedata.

It shares nothing with the library but the rules. Unicode is Python's own version, which may be another than utf8proc's:
characters are classed and folded alike in all versions that know them, so that only those may differ that one does not know.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

MOST_LETTERS, MOST_BYTES = 64, 256  # of a word; longer ones are <long>
REMARKS = {"<shout>", "<!!>", "<!>", "<?>", "<...>", "<quote>", "<emoji>"}
APOSTROPHES = set("'`\u00b4\u02bc\u2018\u2019\u201b\u2032\uff07\u02b9\u02bb\u02bd\u055a")
VARIANTS = {"\u0451": "\u0435", "\u0450": "\u0435", "\u0491": "\u0433", "\u045d": "\u0438"}
# Default_Ignorable_Code_Point, which unicodedata does not have.
IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Latin, Cyrillic, Greek, digit.
LOOKALIKES = [tuple(row) for row in "aаα4 bвβ_ cс__ eеε3 hнη_ iіι1 jј__ kкκ_ mмμ_ oоο0 pрρ_ sѕσ5 tтτ7 xхχ_ yуυ_".split()]
MASKS = {
    "<url>": "<url>",
    "<email>": "<email>",
    "<onion>": "<onion>",
    "<btc>": "<wallet>",
    "<user>": "<user>",
    "<phone>": "<number>",
    "<name>": None,
}


@dataclass
class Token:
    begin: int  # bytes of the text
    end: int
    word: str  # folded, or the marker's name
    marker: bool
    breaks: bool  # a sentence ends before it

    @property
    def remark(self):
        return self.marker and self.word in REMARKS


@dataclass
class Character:
    text: str  # "" for an invalid sequence
    begin: int
    end: int


def decode(data):
    """Characters with their bytes; Python replaces maximal subparts as the standard recommends, which is where one ends."""
    characters, at = [], 0
    while at < len(data):
        try:
            good = data[at:].decode()
            bad = len(data)
        except UnicodeDecodeError as error:
            good = data[at : at + error.start].decode()
            at_bad, bad = at + error.start, at + error.end
        for c in good:
            characters.append(Character(c, at, at + len(c.encode())))
            at += len(c.encode())
        if at < len(data):
            characters.append(Character("", at_bad, bad))
            at = bad
    return characters


# ---- Folding ----


def fold(word):
    """NFKC and case folding to the end (NFKC_Casefold), then variants of letters, and nothing but letters and digits."""
    text = "".join("'" if c in APOSTROPHES else c for c in word)
    while True:
        once = IGNORABLE.sub("", unicodedata.normalize("NFKD", "".join(fold_case(c) for c in text)))
        if once == text:
            break
        text = once
    text = unicodedata.normalize("NFC", text)
    out = ""
    for c in text:
        c = "'" if c in APOSTROPHES else VARIANTS.get(c, c)
        category = unicodedata.category(c)
        if c == "'" or (category[0] == "L" or category[0] == "N" or category == "Mc"):
            out += c
    return out


@cache
def fold_case(c):
    return c.casefold()


def script(c):
    """Of a folded letter or digit."""
    if (
        "a" <= c <= "z"
        or ("\u00c0" <= c < "\u0250" and c not in "\u00d7\u00f7")
        or "\u1e00" <= c < "\u1f00"
        or c in "\u00aa\u00ba"
    ):
        return "latin"
    if "\u0400" <= c < "\u0530":
        return "cyrillic"
    return "digit" if "0" <= c <= "9" else "letter"


@cache
def class_of(c):
    """latin, cyrillic, letter, digit, mark, apostrophe, ignorable, or other, which ends a word."""
    if c == "":
        return "other"
    if c in APOSTROPHES:
        return "apostrophe"
    category, ignorable = unicodedata.category(c), bool(IGNORABLE.match(c))
    if category[0] == "M":
        return "ignorable" if ignorable else "mark"
    enclosed = 0x24B6 <= ord(c) <= 0x24E9 or 0x1F130 <= ord(c) <= 0x1F189
    if category[0] not in "LN" and not enclosed:
        return "ignorable" if ignorable else "other"
    folded = fold(c)
    return script(folded[0]) if folded and len(folded) <= MOST_LETTERS else "letter" if folded else "ignorable"


LETTERS = {"latin", "cyrillic", "letter"}


@cache
def folds_alone(c):
    """Is it a character up to U+052F that folds to one other? Words of these alone can be addresses."""
    return class_of(c) == "apostrophe" or (ord(c) < 0x530 and class_of(c) in LETTERS | {"digit"} and len(fold(c)) == 1)


def mend_lookalikes(word):
    """Letters of another script, and digits between letters, to the letters of the word's own script that they look like."""
    columns = {"latin": 0, "cyrillic": 1}
    every, own = [0, 0], [0, 0]
    for c in word:
        if script(c) in columns:
            column = columns[script(c)]
            every[column] += 1
            own[column] += all(row[column] != c for row in LOOKALIKES)
    if (own[0] and own[1]) or not any(every):
        return word
    to = (1 if own[1] else 0) if any(own) else int(every[1] >= every[0])
    out = list(word)
    for i, c in enumerate(word):
        if "0" <= c <= "9":
            # A digit counts as what it was; letters to its left may have been replaced, digits to its left too.
            if i == 0 or i + 1 == len(word) or "0" <= out[i - 1] <= "9" or "0" <= out[i + 1] <= "9":
                continue
            froms = [3]
        else:
            froms = [1 - to, 2]
        for column in froms:
            row = next((row for row in LOOKALIKES if row[column] == c), None)
            if row:
                out[i] = row[to]
                break
    return "".join(out)


# ---- Addresses: by their bytes, since they are ASCII ----

ALNUM = rb"[0-9A-Za-z]"


def address_end(data, at):
    end = at
    while end < len(data) and 0x20 < data[end] < 0x7F and data[end] not in b"<>\"'`{}|\\^":
        end += 1
    while end > at and data[end - 1] in b".,;:!?)]":
        end -= 1
    return end


def is_wallet(word):
    if not re.fullmatch(rb"[0-9A-Za-z]*", word):
        return False
    digits = len(re.findall(rb"[0-9]", word))
    if digits < 3 or len(word) - digits < 3:
        return False
    if len(word) == 42 and word.startswith(b"0x"):
        return True
    if 42 <= len(word) <= 62 and word.startswith(b"bc1"):
        return True
    if re.search(rb"[0OIl]", word):
        return False
    return (26 <= len(word) <= 35 and word[:1] in b"13") or (len(word) == 95 and word[:1] in b"48")


def find_url(data, begin, word_end):
    for start in (b"http://", b"https://", b"hxxp://", b"hxxps://", b"ftp://", b"www."):
        if data[begin : begin + len(start)].lower() != start:
            continue
        end = address_end(data, begin)
        if end <= word_end + 1 or end - begin <= len(start):
            return None
        # The dot of .onion within the first 256 bytes.
        onion = data[begin:end].lower().find(b".onion")
        return ("<onion>" if 0 <= onion < 256 else "<url>"), end
    return None


def find_email(data, begin):
    local = re.compile(rb"[0-9A-Za-z._%+-]{0,64}").match(data, begin).end()
    if data[local : local + 1] != b"@":
        return None
    domain = local + 1
    end = re.compile(rb"[0-9A-Za-z.-]{0,255}").match(data, domain).end()
    dots = [m.start() for m in re.finditer(rb"\.(?=" + ALNUM + ALNUM + rb")", data[: end + 2]) if domain <= m.start() < end]
    while end > domain and not re.match(ALNUM, data[end - 1 : end]):
        end -= 1
    # The last dot that two letters or digits follow makes it an address, unless the domain begins with it.
    return ("<email>", end) if dots and dots[-1] != domain else None


def find_address(data, begin, word_end):
    size = word_end - begin
    if 26 <= size <= 95 and is_wallet(data[begin:word_end]):
        return "<wallet>", word_end
    if data[word_end : word_end + 1] not in [bytes([b]) for b in b":@._-+%"]:
        return None
    if size in (16, 56) and data[word_end : word_end + 6].lower() == b".onion":
        return "<onion>", word_end + 6
    return (find_url(data, begin, word_end) if size <= 5 else None) or find_email(data, begin)


# ---- The pass ----


class Tokenizer:
    def __init__(self, data):
        self.data = data
        self.characters = decode(data)
        self.index = {c.begin: i for i, c in enumerate(self.characters)}  # by byte
        self.index[len(data)] = len(self.characters)
        self.at = 0  # number of a character
        self.tokens = []
        self.shouting = 0
        self.breaks = self.line_end = False

    def byte_at(self, at):
        return self.characters[at].begin if at < len(self.characters) else len(self.data)

    def move_to(self, byte):
        self.at = self.index[byte]

    def marker(self, name, begin, end):
        self.tokens.append(Token(begin, end, name, True, self.breaks))
        self.breaks = self.line_end = False

    def class_ahead(self, at):
        """Of the next visible character within eight."""
        for c in self.characters[at : at + 8]:
            if class_of(c.text) != "ignorable":
                return class_of(c.text)
        return "other"

    def run(self):
        while self.at < len(self.characters):
            c = self.characters[self.at]
            kind = class_of(c.text)
            if c.text and (kind in LETTERS or kind == "digit"):
                self.word()
            else:
                self.at += 1
                if c.text and kind == "other":
                    self.between(c)
        return self.tokens

    def word(self):
        begin, last, seen = self.characters[self.at].begin, None, []
        while self.at < len(self.characters):
            c = self.characters[self.at]
            kind = class_of(c.text)
            if kind == "other" or (kind == "apostrophe" and self.class_ahead(self.at + 1) not in LETTERS):
                break
            self.at += 1
            if kind != "ignorable":
                seen.append(c.text)
                last = c.end
        kinds = {class_of(c) for c in seen}
        following = self.data[self.byte_at(self.at) : self.byte_at(self.at) + 1]
        hint = following != b"" and following in b":@._-+%"
        plain = all(folds_alone(c) for c in seen)
        if not kinds & LETTERS:
            return self.number(begin)
        if plain and "cyrillic" not in kinds and (hint or (last - begin >= 26 and "digit" in kinds)):
            found = find_address(self.data, begin, last)
            # A word of one class without a hint is never looked at; with digits it has two.
            if found:
                self.move_to(found[1])
                return self.marker(found[0], begin, found[1])
        folded = fold("".join(seen))
        if not plain and last - begin > MOST_BYTES:
            folded = "x" * (MOST_LETTERS + 1)
        if not folded:
            return None
        if len(folded) > MOST_LETTERS:
            return self.marker("<long>", begin, last)
        if len(kinds & LETTERS) > 1 or "digit" in kinds:
            folded = mend_lookalikes(folded)
        self.tokens.append(Token(begin, last, folded, False, self.breaks))
        self.breaks = self.line_end = False
        letters = [c for c in seen if class_of(c) in LETTERS]
        capitals = all(unicodedata.category(c) == "Lu" for c in letters)
        if len(letters) > 2 and capitals:
            self.shouting += 1
            if self.shouting == 2:
                self.tokens.append(Token(begin, last, "<shout>", True, False))
        elif len(letters) > 1 and not capitals:
            self.shouting = 0
        return None

    def number(self, begin):
        """Goes on over separators that a digit follows: 1.000,50 12:30 2'000."""
        more = re.compile(rb"(?:[.,:'/][0-9]+)*").match(self.data, self.byte_at(self.at))
        self.move_to(more.end())
        self.marker("<number>", begin, more.end())

    def between(self, c):
        """What is no word: ends of sentences, marks, masks, mentions. self.at is behind it."""
        if c.text == "\n":
            self.breaks |= self.line_end
            self.line_end = True
            return
        if c.text in " \t\r":
            return
        name, end, ends = None, c.end, False
        if c.text in ".!?":
            while self.data[end : end + 1] == c.text.encode():
                end += 1
            count = end - c.begin
            name = {".": "<...>" if count > 2 else None, "?": "<?>", "!": "<!!>" if count > 1 else "<!>"}[c.text]
            ends = True
        elif c.text in ";\u2029":
            ends = True
        elif c.text == "\u2026":
            name, ends = "<...>", True
        elif c.text in '"\u00ab\u00bb\u201c\u201d\u201e':
            name = "<quote>"
        elif c.text == "<":
            for mask, stands_for in MASKS.items():
                if self.data[c.begin : c.begin + len(mask)].lower() == mask.encode():
                    name, end = stands_for, c.begin + len(mask)
        elif c.text == "@":
            user = re.compile(rb"@[0-9A-Za-z_]{2,63}").match(self.data, c.begin)
            if user:
                name, end = "<user>", user.end()
        elif c.text >= "\u2190" and unicodedata.category(c.text) == "So":
            name = "<emoji>"
        self.line_end = False
        self.move_to(end)
        breaks = self.breaks or ends
        if name:
            self.marker(name, c.begin, end)
        if not name or name in REMARKS:
            self.breaks = breaks


def tokenize(data):
    return Tokenizer(data).run()
