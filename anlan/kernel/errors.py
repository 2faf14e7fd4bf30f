"""One tree of errors: services raise them, edges turn them into a sentence that says what to do.

Every error carries an English msgid and its parameters; the edge renders it in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anlan.rules.citation import Citation


def gettext_noop(message: str) -> str:
    """Mark a msgid for extraction without translating it here."""
    return message


class Refused(Exception):
    """The root: an act was refused and nothing was changed."""

    status = 400
    message = gettext_noop("This cannot be done.")

    def __init__(self, message: str | None = None, **params: Any) -> None:
        self.message = message or self.message
        self.params = params
        super().__init__(self.message % params if params else self.message)

    def as_json(self) -> dict[str, Any]:
        """Machine-readable form for the API: the class name as code, the parameters as strings."""
        return {"code": type(self).__name__, "params": {k: str(v) for k, v in self.params.items()}}


class NotFound(Refused):
    """No such record within the actor's scope; a stranger learns nothing more."""

    status = 404
    message = gettext_noop("There is no such record, or it lies outside your jurisdiction.")


class NotAllowed(Refused):
    """The actor sees the record but holds no grant for this act."""

    status = 403
    message = gettext_noop("Your post does not allow this. Ask your administrator for the right “%(permission)s”.")


class SignInNeeded(Refused):
    """Nobody is signed in."""

    status = 401
    message = gettext_noop("Sign in first.")


class WrongStep(Refused):
    """The process does not allow this step from where the record stands."""

    status = 409
    message = gettext_noop("“%(step)s” is not possible while the record is “%(state)s”.")


class SamePerson(Refused):
    """Separation of duties: who took an earlier step may not take this one."""

    status = 403
    message = gettext_noop("“%(step)s” must be done by somebody other than the person who did “%(earlier)s”.")


class Stale(Refused):
    """Somebody else changed the record in the meantime; nothing was overwritten."""

    status = 409
    message = gettext_noop(
        "Somebody changed this record while you were working. Load it again, then repeat your change."
    )


class AlreadyDone(Refused):
    """The same request was carried out before, and its outcome, a secret shown once, cannot be shown again."""

    status = 409
    message = gettext_noop("This was already done, and its secret was shown once. Ask for a new one if it was lost.")


class RuleBroken(Refused):
    """A rule of law refuses it; ``clause`` says which."""

    status = 422

    def __init__(self, message: str, clause: Citation | None = None, **params: Any) -> None:
        self.clause = clause
        super().__init__(message, **params)

    def as_json(self) -> dict[str, Any]:
        """The refusal with its clause."""
        return {**super().as_json(), "clause": str(self.clause) if self.clause else None}


class BadInput(Refused):
    """One field is wrong: ``column`` names it, the message says the remedy; ``row`` in bulk acts."""

    status = 422

    def __init__(self, column: str, message: str, row: int | None = None, **params: Any) -> None:
        self.column, self.row = column, row
        super().__init__(message, **params)

    def as_json(self) -> dict[str, Any]:
        """The refusal with the field it names."""
        return {**super().as_json(), "column": self.column, "row": self.row}


class BadInputs(Refused):
    """Several fields are wrong; ``problems`` holds one ``BadInput`` each."""

    status = 422
    message = gettext_noop("Some fields need your attention.")

    def __init__(self, problems: list[BadInput]) -> None:
        self.problems = problems
        super().__init__(self.message)

    @property
    def by_column(self) -> Mapping[str, list[BadInput]]:
        """The problems grouped by field, in order."""
        grouped: dict[str, list[BadInput]] = {}
        for problem in self.problems:
            grouped.setdefault(problem.column, []).append(problem)
        return grouped

    def as_json(self) -> dict[str, Any]:
        """The refusal with each problem."""
        return {**super().as_json(), "problems": [p.as_json() for p in self.problems]}


class TooMany(Refused):
    """One caller asks more often than is allowed; ``seconds`` says when he may again."""

    status = 429
    message = gettext_noop("Too many requests in a short time. Please try again in %(seconds)s seconds.")

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(seconds=seconds)


class Busy(Refused):
    """The system is at its limit; try again shortly."""

    status = 503
    message = gettext_noop("The system is busy. Please try again in a few seconds.")


class TooOften(Refused):
    """Something that is rationed was asked for too often."""

    status = 429
    message = gettext_noop("You have asked for this too often. Please wait a quarter of an hour.")


class Unguarded(RuntimeError):
    """A programming error: rows of a scoped table were asked for without saying for whom."""
