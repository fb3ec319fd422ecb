"""Names by likeness, where exact look-up refuses: letters that recognition confuses, and n-grams.

For names of tests and heads of columns; never for drugs, whose names may differ by one letter.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import cached_property

SHORTEST = 3  # letters of a name that may be told by likeness
LONGEST = 60  # characters of one; a longer text is a comment
ALIKE, MARGIN = 0.75, 0.04  # least cosine; how far the nearest name of another key lies behind
SAME_WORD = 0.6  # likeness of two spellings of a word
LOOKS_LIKE = str.maketrans("1l|![]0589q6", "iiiiiiosbggg")


def skeleton(name: str) -> str:
    """What is left of a name when letters that look alike are one and signs are none."""
    letters = name.translate(LOOKS_LIKE).lower().translate(LOOKS_LIKE)
    return re.sub("i+", "i", re.sub(r"[\W_]", "", letters))


class Nearest:
    """Names by likeness; each leads to a key.

    Args:
        names: (name, key); names of one key may be many.
    """

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._names = [(_clean(name), key) for name, key in names]
        keys: dict[str, set[str]] = defaultdict(set)
        for name, key in self._names:
            keys[skeleton(name)].add(key)
        self._bones = {bone: next(iter(k)) for bone, k in keys.items() if len(k) == 1}

    def misread(self, text: str) -> str:
        """The key of the name that a text is but for letters that look alike, '' if of none."""
        bone = skeleton(text)
        return self._bones.get(bone, "") if len(bone) >= SHORTEST else ""

    def key(self, text: str) -> str:
        """The key of the nearest name, '' where none is near or two keys are nearly as near."""
        clean = _clean(text)
        if not SHORTEST <= len(clean) <= LONGEST or not re.search("[a-z]{2}", clean):
            return ""
        return self.misread(text) or self._nearest(clean)

    def _nearest(self, clean: str) -> str:
        cosines: dict[int, float] = defaultdict(float)
        weights = _unit({gram: n * self._rarity.get(gram, 0) for gram, n in _grams(clean).items()})
        for gram, weight in weights.items():
            for number, theirs in self._index.get(gram, ()):
                cosines[number] += weight * theirs
        order = sorted(cosines, key=lambda number: -cosines[number])
        if not order or cosines[order[0]] < ALIKE:
            return ""
        name, key = self._names[order[0]]
        rival = next((cosines[i] for i in order if self._names[i][1] != key), 0.0)
        near = cosines[order[0]] - rival >= MARGIN
        return key if near and _no_word_more(clean, name) else ""

    @cached_property
    def _rarity(self) -> dict[str, float]:
        """By n-gram the logarithm of how few names have it (smoothed inverse document frequency)."""
        having = Counter(gram for name, _ in self._names for gram in _grams(name))
        return {g: math.log((1 + len(self._names)) / (1 + n)) + 1 for g, n in having.items()}

    @cached_property
    def _index(self) -> dict[str, list[tuple[int, float]]]:
        """By n-gram the numbers of the names that have it, with its weight in each."""
        found: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, (name, _) in enumerate(self._names):
            weights = _unit({g: n * self._rarity[g] for g, n in _grams(name).items()})
            for gram, weight in weights.items():
                found[gram].append((number, weight))
        return found


def _grams(text: str) -> Counter[str]:
    """The runs of two to four characters of each word, its borders among them."""
    return Counter(
        f" {word} "[at : at + size]
        for word in text.split()
        for size in (2, 3, 4)
        for at in range(len(word) + 3 - size)
    )


def _unit(weights: dict[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
    return {gram: weight / length for gram, weight in weights.items()}


def _clean(name: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", name.lower()).split())


def _no_word_more(text: str, name: str) -> bool:
    """Whether each word of a text is one of the name, cut or misspelt: another may make it another."""
    return all(
        any(
            word.startswith(other[:SHORTEST])
            or SequenceMatcher(None, word, other).ratio() >= SAME_WORD
            for other in [*name.split(), name.replace(" ", "")]
        )
        for word in text.split()
        if len(word) > SHORTEST
    )
