"""The template of every noun is written in words that its own reader knows, in both languages."""

from __future__ import annotations

import io

import pytest
from django.utils import translation
from django.utils.translation import gettext

from anlan.kernel.intake.services import NOUNS
from anlan.kernel.intake.template import write_template


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("noun", sorted(NOUNS))
def test_the_template_of_a_noun_is_read_again(noun: str, language: str) -> None:
    out = io.BytesIO()
    with translation.override(language):
        write_template(NOUNS[noun].schema, out, gettext)
    assert out.getvalue()[:2] == b"PK"
