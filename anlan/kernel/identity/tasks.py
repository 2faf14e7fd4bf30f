"""Upkeep of sessions."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from procrastinate.contrib.django import app

from anlan.kernel import clock


@app.periodic(cron="30 3 * * *")
@app.task(name="identity.clear_sessions", queue="upkeep", queueing_lock="identity.clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Delete sessions that have run out, and what is remembered of their devices."""
    Session.objects.filter(expire_date__lt=clock.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
