"""Acts on people: enter, change, give and end posts, certificates, unmask, erase."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created
from anlan.kernel.deadlines.services import cancel, start
from anlan.kernel.errors import BadInput, BadInputs, NotAllowed, NotFound, gettext_noop
from anlan.kernel.identity.models import PersonKey
from anlan.kernel.identity.sealing import blind_index, new_key, seal, tail_index, unseal
from anlan.kernel.limits.services import spend
from anlan.modules.registry.choices import BASES, CertificateKind, PostKind, row_choices
from anlan.modules.registry.events import (
    CertificateAdded,
    CertificateWithdrawn,
    PersonAdded,
    PersonErased,
    PersonUnmasked,
    PostEnded,
    PostGiven,
    SealedFieldsChanged,
)
from anlan.modules.registry.models import Certificate, Person, Post, Site, Unit
from anlan.modules.registry.rows import CERTIFICATE, PERSON
from anlan.modules.registry.services._erasing import empty_history

EXPIRY = "registry.certificate_expiry"  # the kind of deadline a certificate starts
REMIND_DAYS = (60, 30, 7)  # 本地规定: when the unit is reminded before a certificate ends
PLATFORM_RULE = "本地规定：证书到期前提醒换证"
SEALED = {"phone": "phone", "id_number": "id_number"}
FIELD_LABELS = {
    "name": gettext_noop("name"),
    "phone": gettext_noop("telephone"),
    "id_number": gettext_noop("identity number"),
    "certificates": gettext_noop("certificate numbers"),
}
_POSTS = {choice.code: choice.label for choice in row_choices(PostKind)}
_KINDS = {choice.code: choice.label for choice in row_choices(CertificateKind)}


@dataclass(frozen=True, slots=True)
class Unmasked:
    """What an unmasking showed; ``missing`` names what was never given or has been erased."""

    phone: str = ""
    id_number: str = ""
    certificates: Mapping[int, str] | None = None


@act(may=("registry.people", "registry.own"))
def add_person(work: Work, *, unit: Unit | int, data: Mapping[str, Any], site: Site | None = None) -> Person:
    """Enter a person with one or more posts, at one site or (None) for the whole unit.

    ``data``: the fields of ``rows.PERSON``. A telephone or identity number already on file in this unit is refused.
    """
    owner = _unit(work, unit)
    if site is not None and (
        site.unit_id != owner.pk or not Site.objects.visible_to(work.actor).filter(pk=site.pk).exists()
    ):
        raise BadInput("site", gettext_noop("Choose a site of this unit."))
    place = site or owner
    if not work.actor.may_any(("registry.people", "registry.own"), place):
        raise NotAllowed(permission="registry.people")
    values = PERSON.parse(data, strict=True).required()
    person = Person(
        unit=owner,
        site=site,
        name=values["name"],
        holder=owner.holder,
        region_path=place.region_path,
        sector=place.sector,
    )
    _seal(person, values)
    _refuse_twins(person)
    created(person)
    for kind in values["posts"]:
        work.record(PersonAdded(person=person.pk, post=_POSTS[kind]), on=person)
        _give(work, person, kind, values["since"], values["document"] or "")
    return person


@act(may=("registry.people", "registry.own"), on=Person)
def change_person(work: Work, person: Person, *, data: Mapping[str, Any]) -> None:
    """Change name, telephone or identity number. What a sealed value was and is, nobody reads from the journal."""
    _refuse_erased(person)
    values = PERSON.parse(
        {k: v for k, v in data.items() if k in ("name", "phone", "id_number")}, partial=True
    ).required()
    before = (person.phone_index, person.id_number_index)
    named = "name" in values and values["name"] != person.name
    if named:
        person.name = values["name"]
    _seal(person, values)
    replaced = [
        name
        for name, old, new in zip(
            ("phone", "id_number"), before, (person.phone_index, person.id_number_index), strict=True
        )
        if old != new
    ]
    if not named and not replaced:
        return
    _refuse_twins(person)
    person.save()
    what = [*(["name"] if named else []), *replaced]
    work.record(SealedFieldsChanged(person=person.pk, fields=[FIELD_LABELS[name] for name in what]), on=person)


@act(may=("registry.people", "registry.own"), on=Person)
def give_post(
    work: Work, person: Person, *, kind: str, since: dt.date | None = None, document: str = ""
) -> Post | None:
    """Give a further post; one the person already holds changes nothing."""
    _refuse_erased(person)
    if kind not in PostKind.values:
        raise BadInput("kind", gettext_noop("Choose one of the posts."))
    if since and since > clock.today():
        raise BadInput("since", gettext_noop("The day lies in the future. Enter it once it has come."))
    if person.posts.filter(kind=kind, until=None).exists():
        return None
    return _give(work, person, kind, since, document)


@act(may=("registry.people", "registry.own"), on=Person)
def end_post(work: Work, person: Person, *, kind: str, until: dt.date) -> None:
    """The person leaves a post on a day. One not held changes nothing."""
    post = person.posts.filter(kind=kind, until=None).first()
    if post is None:
        return
    if until > clock.today():
        raise BadInput("until", gettext_noop("The day lies in the future. Enter it once it has come."))
    if post.since and until < post.since:
        raise BadInput(
            "until", gettext_noop("The post began on %(day)s. Choose a later day."), day=post.since.isoformat()
        )
    post.until = until
    post.save(update_fields=["until"])
    work.record(PostEnded(person=person.pk, post=_POSTS[kind], kind=kind, until=until.isoformat()), on=person)


@act(may=("registry.people", "registry.own"), on=Person)
def add_certificate(work: Work, person: Person, *, data: Mapping[str, Any]) -> Certificate:
    """Enter a certificate (``rows.CERTIFICATE``); its end becomes a deadline of the unit.

    The same number again renews the certificate on file instead of entering a second one; unchanged, nothing happens.
    """
    _refuse_erased(person)
    values = CERTIFICATE.parse(data, strict=True).required()
    number = values.pop("number")
    digest = blind_index("certificate", number)
    why = "a certificate number belongs to one person in the whole database"
    same = Certificate.objects.everything(why=why).filter(number_index=digest, kind=values["kind"])
    if same.exclude(person=person).filter(withdrawn_on=None).exists():
        raise BadInput(
            "number", gettext_noop("This certificate is on file for another person. Compare it with the original.")
        )
    fields = {
        name: value if value is not None else "" if name in ("work", "issuer") else None
        for name, value in values.items()
    }
    certificate = same.filter(person=person).first()
    if (
        certificate is not None
        and certificate.withdrawn_on is None
        and all(getattr(certificate, name) == value for name, value in fields.items())
    ):
        return certificate
    if certificate is None:
        certificate = Certificate(
            person=person,
            number_sealed=seal(_key(person).wrapped, number),
            number_index=digest,
            region_path=person.region_path,
            sector=person.sector,
            holder=person.holder,
            **fields,
        )
        if person.pk and person.key_id:
            Person.plain.filter(pk=person.pk).update(key=person.key)
        created(certificate)
    else:
        for name, value in fields.items():
            setattr(certificate, name, value)
        certificate.withdrawn_on = None
        certificate.save()
    _expect(work, certificate)
    valid_to = certificate.valid_to.isoformat() if certificate.valid_to else "—"
    label = _KINDS[certificate.kind]
    work.record(
        CertificateAdded(person=person.pk, certificate=certificate.pk, kind=label, valid_to=valid_to), on=person
    )
    return certificate


@act(may=("registry.people", "registry.own"), on=Certificate)
def withdraw_certificate(work: Work, certificate: Certificate, *, reason: str) -> None:
    """A certificate no longer counts (revoked, replaced, the holder left). Again changes nothing."""
    if certificate.withdrawn_on is not None:
        return
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the certificate no longer counts."))
    certificate.withdrawn_on = clock.today()
    certificate.save(update_fields=["withdrawn_on"])
    cancel(work, certificate, EXPIRY)
    fact = CertificateWithdrawn(
        person=certificate.person_id, certificate=certificate.pk, kind=_KINDS[certificate.kind], reason=reason.strip()
    )
    work.record(fact, on=certificate.person)


@act(may=("registry.unmask", "registry.own"), on=Person, secret=True)
def unmask_person(
    work: Work, person: Person, *, reason: str, fields: Sequence[str] = ("phone", "id_number", "certificates")
) -> Unmasked:
    """Show sealed personal data, for a reason that stays in the journal with the reader's name.

    Every unmasking is journalled, one repeated a minute later too: the journal counts looks, not people.
    """
    if len(reason.strip()) < 4:
        raise BadInput("reason", gettext_noop("Say for which task you need these data, in at least four characters."))
    unknown = set(fields) - {"phone", "id_number", "certificates"}
    if unknown or not fields:
        raise BadInput(
            "fields", gettext_noop("Choose what to show: telephone, identity number or certificate numbers.")
        )
    if person.erased_at is not None:
        raise BadInput("person", gettext_noop("The data of this person were erased; nobody can read them any more."))
    if not work.actor.is_system:
        spend("unmask", work.actor.key)
    wrapped = bytes(person.key.wrapped) if person.key else None
    shown = Unmasked(
        phone=(unseal(wrapped, person.phone_sealed) or "") if "phone" in fields else "",
        id_number=(unseal(wrapped, person.id_number_sealed) or "") if "id_number" in fields else "",
        certificates={c.pk: unseal(wrapped, c.number_sealed) or "" for c in _certificates(person)}
        if "certificates" in fields
        else None,
    )
    work.record(
        PersonUnmasked(person=person.pk, fields=[FIELD_LABELS[f] for f in sorted(fields)], reason=reason.strip()),
        on=person,
    )
    return shown


@act(may="registry.erase", on=Person)
def erase_person(work: Work, person: Person, *, reason: str) -> None:
    """Lawful erasure: destroy the key, the digests and the name; posts end; the row stays, empty.

    What was sealed is noise from now on, in the database, in its history and in every backup. Again changes nothing.
    """
    if person.erased_at is not None:
        return
    if len(reason.strip()) < 4:
        raise BadInput("reason", gettext_noop("Name the request and the ground in law, in at least four characters."))
    for certificate in _certificates(person):
        cancel(work, certificate, EXPIRY)
        certificate.number_sealed, certificate.number_index = b"", ""
        certificate.withdrawn_on = certificate.withdrawn_on or clock.today()
        certificate.save(update_fields=["number_sealed", "number_index", "withdrawn_on"])
    key = person.key_id
    person.key, person.name, person.phone_index, person.id_number_index = None, "", "", ""
    person.phone_sealed, person.id_number_sealed, person.erased_at = b"", b"", work.now
    person.phone_tail = ""
    person.save()
    if key is not None:
        PersonKey.objects.filter(pk=key).delete()
    person.posts.filter(until=None, since__gt=clock.today()).delete()
    person.posts.filter(until=None).update(until=clock.today())
    empty_history(person.pk)
    work.record(PersonErased(person=person.pk, reason=reason.strip()), on=person)


def _unit(work: Work, unit: Unit | int) -> Unit:
    pk = unit.pk if isinstance(unit, Unit) else unit
    found = Unit.objects.visible_to(work.actor).filter(pk=pk, merged_into=None).first()
    if found is None:
        raise NotFound
    return found


def _certificates(person: Person) -> list[Certificate]:
    return list(Certificate.objects.everything(why="the certificates of a person in hand").filter(person=person))


def _key(person: Person) -> PersonKey:
    if person.key is None:
        person.key = PersonKey.objects.create(wrapped=new_key())
    return person.key


def _seal(person: Person, values: Mapping[str, Any]) -> None:
    """Seal what is given and differs; an emptied value is emptied."""
    for name in SEALED:
        if name not in values:
            continue
        value = values[name] or ""
        index = blind_index(name, value)
        if index == getattr(person, f"{name}_index"):
            continue
        setattr(person, f"{name}_index", index)
        if name == "phone":
            person.phone_tail = tail_index(value)
        setattr(person, f"{name}_sealed", seal(_key(person).wrapped, value) if value else b"")


def _refuse_twins(person: Person) -> None:
    why = "one person is entered once in a unit"
    others = Person.objects.everything(why=why).filter(unit=person.unit, erased_at=None).exclude(pk=person.pk)
    problems = []
    if person.id_number_index and others.filter(id_number_index=person.id_number_index).exists():
        problems.append(
            BadInput(
                "id_number",
                gettext_noop("This identity number is on file in this unit: give that person the further post."),
            )
        )
    if person.phone_index and others.filter(phone_index=person.phone_index, name=person.name).exists():
        problems.append(
            BadInput(
                "phone",
                gettext_noop(
                    "A person of this name and telephone is on file in this unit: give that person the further post."
                ),
            )
        )
    if problems:
        raise BadInputs(problems)


def _refuse_erased(person: Person) -> None:
    if person.erased_at is not None:
        raise BadInput(
            "person", gettext_noop("The data of this person were erased. Enter the person anew if that is lawful.")
        )


def _give(work: Work, person: Person, kind: str, since: dt.date | None, document: str) -> Post:
    post = Post.objects.create(person=person, kind=kind, since=since, document=document)
    label = _POSTS[kind]
    day = since.isoformat() if since else "—"
    work.record(PostGiven(person=person.pk, post=label, kind=kind, since=day), on=person)
    return post


def _expect(work: Work, certificate: Certificate) -> None:
    """The day a certificate ends is due at the unit; without a day nothing is."""
    if certificate.valid_to is None:
        cancel(work, certificate, EXPIRY)
        return
    basis = BASES.get(certificate.kind)
    start(
        work,
        certificate,
        kind=EXPIRY,
        label=gettext_noop("Renew the certificate"),
        due=certificate.valid_to,
        duty="registry.own",
        starts_on=certificate.issued_on,
        basis=str(basis) if basis else PLATFORM_RULE,
        desk_holder=certificate.holder,
        remind_days=REMIND_DAYS,
        title=f"{certificate.get_kind_display()} · {certificate.person.unit.name}",
    )
