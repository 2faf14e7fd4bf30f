"""Upkeep of sessions, and of what is remembered of sign-ins."""

from __future__ import annotations

import datetime as dt

from allauth.usersessions.models import UserSession
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.sessions.models import Session
from procrastinate.contrib.django import app

from anlan.kernel import clock
from anlan.kernel.identity.models import CodeTry

KEEP_SIGN_INS = 366  # days


@app.periodic(cron="30 3 * * *")
@app.task(name="identity.clear_sessions", queue="upkeep", queueing_lock="identity.clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Delete sessions that have run out, and what is remembered of their devices."""
    Session.objects.filter(expire_date__lt=clock.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


@app.periodic(cron="35 3 * * *")
@app.task(name="identity.clear_sign_ins", queue="upkeep", queueing_lock="identity.clear_sign_ins")
def clear_sign_ins(timestamp: int) -> None:
    """Forget sign-ins and failed ones after a year, wrong codes after a day."""
    CodeTry.objects.filter(at__lt=clock.now() - dt.timedelta(days=1)).delete()
    AxesProxyHandler.reset_logs(age_days=KEEP_SIGN_INS)
    AxesProxyHandler.reset_failure_logs(age_days=KEEP_SIGN_INS)
