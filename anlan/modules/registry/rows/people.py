"""The rows of a person and of a certificate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anlan.kernel import clock
from anlan.kernel.errors import gettext_noop as _
from anlan.kernel.intake.kinds import Kind
from anlan.kernel.intake.problems import Problem
from anlan.kernel.intake.schema import Field, RowSchema
from anlan.modules.registry.choices import CertificateKind, PostKind, row_choices

_PHONE: dict[str, Any] = {"kind": Kind.PHONE, "personal": True, "example": "13800138000"}

PERSON = RowSchema(
    "people",
    _("People"),
    (
        Field("name", _("Person's name"), Kind.TEXT, required=True, max_length=60, aliases_zh=("姓名",)),
        Field(
            "posts", _("Posts"), Kind.CHOICES, required=True, choices=row_choices(PostKind), aliases_zh=("职务", "岗位")
        ),
        Field("since", _("In post since"), Kind.DAY, max=clock.today, aliases_zh=("任职日期",)),
        Field("document", _("Letter of appointment"), Kind.TEXT, max_length=120, aliases_zh=("任命文件",)),
        Field("phone", _("Telephone"), **_PHONE, aliases_zh=("联系电话", "电话", "手机")),
        Field("id_number", _("Identity number"), Kind.ID_NUMBER, personal=True, aliases_zh=("身份证号", "身份证号码")),
    ),
)

CERTIFICATE = RowSchema(
    "certificates",
    _("Certificates"),
    (
        Field(
            "kind",
            _("Kind"),
            Kind.CHOICE,
            required=True,
            choices=row_choices(CertificateKind),
            aliases_zh=("证书类型",),
        ),
        Field("work", _("Operation or category"), Kind.TEXT, max_length=60, aliases_zh=("作业类别", "准操项目")),
        Field(
            "number",
            _("Certificate number"),
            Kind.CODE,
            required=True,
            min_length=4,
            max_length=40,
            personal=True,
            aliases_zh=("证书编号", "证号"),
        ),
        Field("issuer", _("Issuing body"), Kind.TEXT, max_length=80, aliases_zh=("发证机关",)),
        Field("issued_on", _("Issued on"), Kind.DAY, max=clock.today, aliases_zh=("发证日期", "初领日期")),
        Field("valid_to", _("Valid to"), Kind.DAY, aliases_zh=("有效期至", "有效期限")),
    ),
)


@CERTIFICATE.check
def _period(values: Mapping[str, Any]) -> Problem | None:
    """A certificate ends after it began."""
    if values.get("issued_on") and values.get("valid_to") and values["valid_to"] < values["issued_on"]:
        return CERTIFICATE.problem(
            "valid_to", "period", _("%(field)s lies before the day of issue: compare the certificate.")
        )
    return None
