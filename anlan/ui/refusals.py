"""A refusal in the reader's words: a title, a sentence, what each field needs, the clause behind it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.encoding import force_str
from django.utils.translation import gettext, gettext_noop

from anlan.kernel.errors import BadInput, BadInputs, Refused, RuleBroken
from anlan.ui.rights import permission_label

TITLES = {
    400: gettext_noop("This cannot be done"),
    401: gettext_noop("Please sign in"),
    403: gettext_noop("Not within your powers"),
    404: gettext_noop("Not found"),
    409: gettext_noop("The record has moved on"),
    422: gettext_noop("Please check what was entered"),
    429: gettext_noop("Too many requests"),
    503: gettext_noop("The system is busy"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One field that needs attention; ``row`` is 0 outside bulk input."""

    column: str
    message: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a page or message shows of a refusal."""

    title: str
    sentence: str
    code: str
    tone: str
    problems: tuple[Problem, ...] = ()
    clause: str = ""


def sentence_of(error: Refused) -> str:
    """The error's sentence in the language in force; parameters that are msgids themselves are translated too."""
    template = gettext(error.message)
    params = {key: _word(value) for key, value in error.params.items()}
    if "permission" in params:  # the reader knows a right by its name; the API writes the code beside the sentence
        params["permission"] = permission_label(str(error.params["permission"]))
    return template % params if params else template


def describe(error: Refused, status: int | None = None) -> Refusal:
    """Everything a screen shows of a refusal."""
    status = status or error.status
    found = error.problems if isinstance(error, BadInputs) else [error] if isinstance(error, BadInput) else []
    clause = error.clause if isinstance(error, RuleBroken) else None
    return Refusal(
        title=gettext(TITLES.get(status, TITLES[400])),
        sentence=sentence_of(error),
        code=type(error).__name__,
        tone="red" if status in (403, 500, 503) else "orange",
        problems=tuple(Problem(gettext(p.column), sentence_of(p), p.row or 0) for p in found),
        clause=force_str(clause) if clause else "",
    )


def _word(value: object) -> str:
    text = force_str(value)
    return gettext(text) if isinstance(value, str) and text.strip() else text
