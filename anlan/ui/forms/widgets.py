"""Widgets that need more than one HTML control; each works, more plainly, without scripts."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.forms.renderers import get_default_renderer
from django.utils.safestring import SafeString, mark_safe

from anlan.kernel.actor import Actor
from anlan.kernel.files.services import MOST_BYTES, own_uploads
from anlan.ui import places

FEW = 200  # options listed for a browser without scripts


class Combo(forms.Widget):
    """A box in which one types and the server answers with options; hidden fields carry what was chosen."""

    template_name = "ui/forms/combo.html"

    def __init__(self, address: str, picked: Callable[[Sequence[Any]], list[dict[str, str]]], *, several: bool) -> None:
        super().__init__()
        self.address, self.picked, self.several = address, picked, several

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What was chosen: a key, or a list of keys."""
        values = data.getlist(name) if hasattr(data, "getlist") else data.get(name)
        if self.several:
            return values
        return (values[-1] if values else None) if isinstance(values, list) else values

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The context of the template."""
        context = super().get_context(name, value, attrs)
        values = value if isinstance(value, list | tuple) else [value]
        picked = self.picked([v for v in values if v not in (None, "")])
        context["widget"].update(
            address=self.address,
            several=self.several,
            picked=picked,
            picked_json=json.dumps(picked, ensure_ascii=False),
        )
        return context

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The label belongs to the box in which one types."""
        return id_


class RegionTree(forms.Widget):
    """A region chosen in a tree; its branches come from the server when they are opened."""

    template_name = "ui/forms/region.html"
    actor: Actor

    def __init__(self, permission: str, kinds: Sequence[str] = ()) -> None:
        super().__init__()
        self.permission, self.kinds = permission, tuple(kinds)
        self.actor = Actor.nobody()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The path; the last value counts, so that the list for browsers without scripts wins over the hidden field."""
        values = [v for v in (data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]) if v]
        return values[-1] if values else ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The context of the template."""
        from anlan.ui.forms.fields import reachable

        context = super().get_context(name, value, attrs)
        regions = reachable(self.actor, self.permission)
        storable = bool(value) and "\x00" not in str(value)  # what the form refused is shown again, never looked up
        within_reach = storable and regions.filter(path=value).exists()  # a foreign region is not even named
        context["widget"].update(
            permission=self.permission,
            text=places.name(value) if within_reach else "",
            regions=regions.only("path", "name", "depth")[:FEW],
        )
        return context


class FilesInput(forms.FileInput):
    """Files, chosen or photographed; scripts send them up beforehand and the form names them (``<name>_uploads``).

    Pictures are asked for as ``image/*``: built-in browsers of phones offer the camera for nothing else.
    """

    template_name = "ui/forms/files.html"
    needs_multipart_form = True

    def __init__(
        self,
        accept: str,
        most: int,
        *,
        several: bool,
        pictures: bool,
        most_bytes: int = MOST_BYTES,
        ahead: bool = True,
    ) -> None:
        super().__init__(attrs={"accept": "image/*" if pictures else accept})
        self.kinds = accept
        self.most, self.several, self.pictures, self.most_bytes = most, several, pictures, most_bytes
        self.ahead = ahead
        self.actor = Actor.nobody()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Every file of that name, then the numbers of those sent up beforehand."""
        sent = files.getlist(name) if hasattr(files, "getlist") else [f for f in [files.get(name)] if f]
        numbers = data.getlist(f"{name}_uploads") if self.ahead and hasattr(data, "getlist") else []
        return [*sent, *(str(number) for number in numbers)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether neither a file nor the number of one was sent."""
        return name not in files and f"{name}_uploads" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The context of the template; what was sent up stays with a form that is shown again."""
        context = super().get_context(name, None, attrs)
        numbers = [v for v in value if isinstance(v, str)] if isinstance(value, list | tuple) else []
        context["widget"].update(
            most=self.most,
            several=self.several,
            pictures=self.pictures,
            most_mb=self.most_bytes >> 20,
            accept=self.attrs["accept"],
            kinds=self.kinds,
            side=settings.PHOTO_SIDE,
            quality=settings.PHOTO_QUALITY,
            ahead=self.ahead and self.actor.may("files.upload"),
            stored=[{"id": str(row.pk), "name": row.name} for row in own_uploads(self.actor, numbers) if row.complete],
        )
        return context


class RangeWidget(forms.MultiWidget):
    """Two boxes: ``<name>_from`` and ``<name>_to``."""

    template_name = "ui/forms/range.html"
    use_fieldset = True

    def __init__(self, low: forms.Widget, high: forms.Widget) -> None:
        for widget in (low, high):
            widget.attrs["class"] = "form-control"
        super().__init__(widgets={"from": low, "to": high})

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The two boxes, drawn by Django's own templates, in ours."""
        context = self.get_context(name, value, attrs)
        draw = renderer or get_default_renderer()
        context["parts"] = [
            mark_safe(draw.render(w["template_name"], {"widget": w})) for w in context["widget"]["subwidgets"]
        ]
        return mark_safe(draw.render(self.template_name, context))  # rendered by the template engine

    def decompress(self, value: Any) -> list[Any]:
        """The two values of a pair."""
        return list(value) if value else [None, None]
