"""Spans of characters in a spaCy `Doc`: a span always stands exactly at the words as printed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from spacy.tokens import Doc, Span

from pipeline.notation.matches import Match


def mark(doc: Doc, found: Mapping[str, Iterable[Match]]) -> Doc:
    """Set `doc.spans[key]` to the matches of each key: `label_` is the kind, `kb_id_` the code.

    A border inside a token ("x|3 weeks") cuts the token: the tokens give way, not the words.
    """
    groups = {key: list(matches) for key, matches in found.items()}
    if any(_char_span(doc, m) is None for matches in groups.values() for m in matches):
        doc = _cut(doc, {at for ms in groups.values() for m in ms for at in (m.start, m.end)})
    for key, matches in groups.items():
        doc.spans[key] = [_span(doc, m) for m in matches]
    return doc


def _char_span(doc: Doc, match: Match) -> Span | None:
    return doc.char_span(match.start, match.end, label=match.kind, kb_id=match.code)


def _span(doc: Doc, match: Match) -> Span:
    """A match as a span; blanks at its borders, which are no tokens, are left out."""
    span = _char_span(doc, match)
    if span is None:
        span = _char_span(doc, trimmed(match, doc.text, " "))
    if span is None:
        raise ValueError("no words at the borders of a span")
    return span


def shifted(matches: Iterable[Match], by: int) -> list[Match]:
    """The same matches `by` characters further on."""
    return [Match(m.start + by, m.end + by, m.kind, m.code) for m in matches]


def trimmed(match: Match, text: str, blanks: str | None = None) -> Match:
    """The same without blanks at its borders: those of `blanks`, else of every kind."""
    words = text[match.start : match.end]
    start = match.start + len(words) - len(words.lstrip(blanks))
    end = max(start, match.start + len(words.rstrip(blanks)))
    return Match(start, end, match.kind, match.code)


def matches_by_sentence(doc: Doc, keys: Sequence[str]) -> Iterator[dict[str, list[Match]]]:
    """For each of `doc.spans["sentence"]` what `mark` set in it, relative to it."""
    borders = [(s.start_char, s.end_char) for s in doc.spans["sentence"]]
    starts = [start for start, _ in borders]
    found: list[dict[str, list[Match]]] = [{key: [] for key in keys} for _ in borders]
    for key in keys:
        for span in doc.spans[key]:
            at = bisect_right(starts, span.start_char) - 1
            if at >= 0 and span.end_char <= borders[at][1]:
                left, right = span.start_char - starts[at], span.end_char - starts[at]
                found[at][key].append(Match(left, right, span.label_, span.kb_id_))
    yield from found


def _cut(doc: Doc, borders: set[int]) -> Doc:
    """The same text with a token border at each of `borders`; mostly it is there already."""
    known = {len(doc.text)}
    for token in doc:
        known.add(token.idx)
        known.add(token.idx + len(token))
    if borders <= known:
        return doc
    words: list[str] = []
    spaces: list[bool] = []
    starts: list[bool | int | None] = []
    for token in doc:
        end = token.idx + len(token)
        cuts = [token.idx, *sorted(b for b in borders if token.idx < b < end), end]
        for left, right in pairwise(cuts):
            words.append(doc.text[left:right])
            spaces.append(bool(token.whitespace_) and right == end)
            starts.append(bool(token.is_sent_start) and left == token.idx)
    new = Doc(doc.vocab, words=words, spaces=spaces, sent_starts=starts)
    new.user_data = doc.user_data
    for key, group in doc.spans.items():
        new.spans[key] = [
            _span(new, Match(s.start_char, s.end_char, s.label_, s.kb_id_)) for s in group
        ]
    return new
