"""Readings taken away as a file."""

from __future__ import annotations

from django.http import StreamingHttpResponse

from anlan.kernel.actor import Actor
from anlan.modules.monitoring import selectors, services
from anlan.modules.monitoring.models import Tag


def csv_answer(actor: Actor, tag: Tag, since: int, until: int) -> StreamingHttpResponse:
    """The readings of a tag as CSV, sent as they are read; that they are taken away is in the journal before.

    Raises ``BadInput`` for too many of them and ``Unreachable`` without the historian, before anything is sent.
    """
    count, lines = selectors.csv_of(actor, tag, since, until)
    services.note_taken(
        actor=actor, tag=tag.pk, rows=count, since=selectors.moment(since), until=selectors.moment(until)
    )
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="tag-{tag.pk}-{since}-{until}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer
