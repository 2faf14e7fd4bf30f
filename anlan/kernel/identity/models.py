"""Users, posts, grants, API tokens."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.regions.models import Region
from anlan.kernel.scope import PathField


class UserManager(BaseUserManager["User"]):
    """Creates users with a hashed password."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """A new user; without a password he cannot sign in until one is set."""
        user = self.model(username=username.strip(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Names of sign-in are compared without regard to case."""
        return self.get(username__iexact=username or "")


class User(AbstractBaseUser):
    """Somebody who signs in. What he may do follows from his grants alone; there is no superuser.

    ``region_path`` is the region whose administrators keep the account; it gives no right to anything.
    """

    username = models.CharField(_("sign-in name"), max_length=60)
    name = models.CharField(_("name"), max_length=60)
    title = models.CharField(_("title"), max_length=60, blank=True, default="")
    email = models.EmailField(_("e-mail"), blank=True, default="")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, default="zh-hans")
    joined_at = models.DateTimeField(auto_now_add=True)
    region_path = PathField(blank=True, default="")

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("username"), name="username_once")]
        indexes = [models.Index(fields=["region_path"], name="user_region")]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name as shown."""
        return self.name


class Post(models.Model):
    """A post in an office: where, for which line, with which role. People come and go, the post stays."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(_("office"), max_length=80)
    title = models.CharField(_("post"), max_length=60)
    role = models.CharField(_("role"), max_length=32)
    sector = models.CharField(_("sector line"), max_length=32, blank=True, default="")
    closed = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "office", "title", "sector"], name="post_once")]

    def __str__(self) -> str:
        return f"{self.office} · {self.title}"


class GrantKind(models.TextChoices):
    """Where an authority comes from."""

    POST = "post", _("By post")
    TEMPORARY = "temporary", _("Temporary")
    SECONDED = "seconded", _("Seconded")
    DELEGATED = "delegated", _("Delegated")
    UNIT = "unit", _("For a unit")
    EMERGENCY = "emergency", pgettext_lazy("authority", "Emergency")


@pghistory.track()
class Grant(models.Model):
    """An authority with validity: (region subtree, sector line or all, role), or (holder, role) for a unit's people.

    Both days are included; one that was withdrawn before it began ends the day before. ``expires_at`` ends an
    emergency authority at an hour. ``basis`` is the document a secondment (派驻) or delegation (委托) rests on;
    ``origin`` the delegator's own authority, with which a delegated one ends at the latest.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    kind = models.CharField(max_length=10, choices=GrantKind.choices, default=GrantKind.POST)
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=32)
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sector = models.CharField(max_length=32, blank=True, default="")
    holder = models.CharField(max_length=40, blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    basis = models.CharField(max_length=200, blank=True, default="")
    origin = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="delegated")
    granted_by = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="seconded") & models.Q(origin=None)
                | models.Q(valid_to__isnull=False) & ~models.Q(basis=""),
                name="grant_lent_by_dates_and_document",
            ),
            models.CheckConstraint(
                condition=models.Q(region__isnull=False) ^ ~models.Q(holder=""), name="grant_region_or_holder"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from") - dt.timedelta(days=1)),
                name="grant_valid_period",
            ),
        ]
        indexes = [
            models.Index(fields=["holder"], name="grant_holder", condition=~models.Q(holder="")),
            models.Index(fields=["region", "role"], name="grant_region_role"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class ApiToken(models.Model):
    """A token for the API: only its digest is stored; ``scopes`` narrows what it may do."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    valid_to = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)


class RecoveryCode(models.Model):
    """A code by which somebody sets his password anew without e-mail: used once, for hours.

    Only a keyed digest of the code is stored. ``issued_by`` is the key of whoever handed it out.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    index = models.CharField(max_length=32, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=60)
    issuer_name = models.CharField(max_length=80)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(used_at=None, withdrawn_at=None), name="recovery_one_open"
            )
        ]


class CodeTry(models.Model):
    """A code that opened nothing: from which address and which code, both as keyed digests, and when."""

    address = models.CharField(max_length=32)
    code = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["address", "at"], name="code_try_address"),
            models.Index(fields=["code", "at"], name="code_try_code"),
        ]


class PersonKey(models.Model):
    """A person's wrapped key. Erasure deletes the row; what was sealed under it is then noise everywhere."""

    wrapped = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
