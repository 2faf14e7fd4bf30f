"""A sentence in both languages of the platform.

The rules know no screen and no translation catalogue, yet their reasons are read by officers in Chinese and by
reviewers in English. So a rule's sentence carries both: it *is* the English text, and ``zh`` is the Chinese one.
"""

from __future__ import annotations


class Wording(str):
    """A string that is English and knows its Simplified Chinese.

    >>> reason = Wording("must have 18 characters", "应为18位")
    >>> reason, reason.zh
    ('must have 18 characters', '应为18位')
    """

    __slots__ = ("zh",)
    zh: str

    def __new__(cls, en: str, zh: str) -> Wording:
        """``en`` and ``zh`` say the same thing; neither may be empty."""
        if not en or not zh:
            raise ValueError("a wording needs both languages")
        text = super().__new__(cls, en)
        text.zh = zh
        return text

    def __reduce__(self) -> tuple[type[Wording], tuple[str, str]]:
        return type(self), (str.__str__(self), self.zh)


def in_language(text: str, language: str) -> str:
    """The text in the language of that code; a plain string answers itself.

    >>> in_language(Wording("yes", "是"), "zh-hans"), in_language(Wording("yes", "是"), "en")
    ('是', 'yes')
    """
    return text.zh if isinstance(text, Wording) and language.lower().startswith("zh") else str.__str__(text)
