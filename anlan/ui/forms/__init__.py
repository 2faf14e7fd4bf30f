"""Forms of acts: fields that know the actor, the base form, and the renderer that draws every field alike."""

from anlan.ui.forms.base import Form, bind_actor, make
from anlan.ui.forms.fields import (
    Choice,
    Choices,
    Day,
    DayRange,
    Decimal,
    Email,
    File,
    Files,
    Flag,
    Hidden,
    LongText,
    Moment,
    NumberRange,
    Phone,
    RecordChoice,
    RecordChoices,
    RegionChoice,
    RegionPath,
    Text,
    Upload,
    Whole,
)
from anlan.ui.forms.renderer import Renderer
from anlan.ui.forms.schema import SchemaField, from_schema

__all__ = [
    "Choice", "Choices", "Day", "DayRange", "Decimal", "Email", "File", "Files", "Flag", "Form", "Hidden", "LongText",
    "Moment", "NumberRange", "Phone", "RecordChoice", "RecordChoices", "RegionChoice", "RegionPath", "Renderer",
    "SchemaField", "Text", "Upload", "Whole", "bind_actor", "from_schema", "make",
]  # fmt: skip
