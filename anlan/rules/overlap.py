"""How far two Chinese texts share words, by character pairs: no dictionary, no model, the same answer everywhere."""

from __future__ import annotations

import unicodedata
from collections.abc import Set
from itertools import pairwise


def plain(text: str) -> str:
    """Half-width, lower case, without spaces: the form in which texts are compared.

    >>> plain("ＬＥＬ ２５％")
    'lel25%'
    """
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def bigrams(text: str) -> frozenset[str]:
    """The pairs of neighbouring letters, digits or characters; punctuation parts words and joins nothing.

    >>> sorted(bigrams("液氨，制冷"))
    ['制冷', '液氨']
    """
    text = plain(text)
    return frozenset(a + b for a, b in pairwise(text) if a.isalnum() and b.isalnum())


def shared_words(text: str, pairs: Set[str]) -> tuple[str, ...]:
    """The longest stretches of ``text`` all of whose pairs are in ``pairs``, in order, each once.

    >>> shared_words("未设置有限空间作业审批", bigrams("有限空间辨识与作业审批"))
    ('有限空间', '作业审批')
    """
    text = plain(text)
    words: list[str] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or text[end - 1 : end + 1] not in pairs:
            word = text[start:end]
            if len(word) > 1 and word not in words:
                words.append(word)
            start = end
    return tuple(words)
