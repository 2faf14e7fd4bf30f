"""The screen on which a text is loaded: sent once to see what it comes to, sent again to take it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from anlan.modules.statutes import forms, selectors, services
from anlan.modules.statutes.choices import LOAD
from anlan.ui.forms import Form
from anlan.ui.pages import FormPage, actor_of

TAKE = "load"


@dataclass(kw_only=True, eq=False)
class TextPage(FormPage):
    """A text is taken only as it was seen: what was changed since is shown again."""

    def perform(self, request: HttpRequest, form: Form, record: Any) -> Any:
        """Load what was seen, or show what would be loaded."""
        given, actor = form.arguments(), actor_of(request)
        seen = {name: given[name] for name in ("text", "source", "adopted", "valid_from", "number")}
        found = selectors.preview(actor, **seen)
        mark = selectors.digest_of("\n".join(selectors.digest_of(str(value)) for value in seen.values()))
        if request.POST.get("do") == TAKE and form.cleaned_data["previewed"] == mark:
            return services.load_text(actor=actor, key=form.key, **given)
        form.renew(text=given["text"], source=given["source"], previewed=mark)
        return self.page(request, form, None, preview=found)


LOAD_TEXT = TextPage(
    name="statutes:load-text", path="load/", title=_("Load a text"), permission=LOAD, form=forms.TextForm,
    template="statutes/load.html", submit=_("Load"), cancel="statutes:editions", wide=True,
    message=_("The text is in the library."),
    intro=_(
        "The text is kept as it is given. A changed text is an edition of its own; the same text again changes nothing."
    ),
)  # fmt: skip
