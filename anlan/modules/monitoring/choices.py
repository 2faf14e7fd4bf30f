"""Words of online monitoring."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class Quantity(models.TextChoices):
    """What a tag measures."""

    TEMPERATURE = "temperature", pgettext_lazy("quantity", "Temperature")
    PRESSURE = "pressure", pgettext_lazy("quantity", "Pressure")
    LEVEL = "level", pgettext_lazy("quantity", "Liquid level")
    FLOW = "flow", pgettext_lazy("quantity", "Flow")
    GAS_FLAMMABLE = "gas_flammable", pgettext_lazy("quantity", "Flammable gas")
    GAS_TOXIC = "gas_toxic", pgettext_lazy("quantity", "Toxic gas")
    OXYGEN = "oxygen", pgettext_lazy("quantity", "Oxygen")
    DUST = "dust", pgettext_lazy("quantity", "Dust")
    WIND_SPEED = "wind", pgettext_lazy("quantity", "Wind speed")
    WIND_FROM = "wind_from", pgettext_lazy("quantity", "Wind direction")
    HUMIDITY = "humidity", pgettext_lazy("quantity", "Humidity")
    SWITCH = "switch", pgettext_lazy("quantity", "On or off")
    VIBRATION = "vibration", pgettext_lazy("quantity", "Vibration")
    VOLTAGE = "voltage", pgettext_lazy("quantity", "Voltage")
    CURRENT = "current", pgettext_lazy("quantity", "Electric current")
    SPEED = "speed", pgettext_lazy("quantity", "Speed of rotation")
    OTHER = "other", pgettext_lazy("quantity", "Other")


class Quality(models.IntegerChoices):
    """How good a reading is, by the classes of OPC UA."""

    GOOD = 0, pgettext_lazy("quality", "Good")
    UNCERTAIN = 1, pgettext_lazy("quality", "Uncertain")
    BAD = 2, pgettext_lazy("quality", "Bad")


class Refusal(models.TextChoices):
    """Why something that came was not taken in."""

    NOT_JSON = "not_json", pgettext_lazy("refused", "No JSON, or not of the agreed form")
    TOO_LARGE = "too_large", pgettext_lazy("refused", "Message too large")
    UNKNOWN_TAG = "unknown_tag", pgettext_lazy("refused", "Unknown tag")
    BAD_NUMBER = "bad_number", pgettext_lazy("refused", "Not a number")
    BAD_TIME = "bad_time", pgettext_lazy("refused", "Not a time")
    AHEAD = "ahead", pgettext_lazy("refused", "Time too far ahead")
    TOO_OLD = "too_old", pgettext_lazy("refused", "Older than readings are kept")
    DUPLICATE = "duplicate", pgettext_lazy("refused", "Sent twice")
    OTHER_TOPIC = "other_topic", pgettext_lazy("refused", "Published to a topic that is not its own")
    SIGN_IN = "sign_in", pgettext_lazy("refused", "Sign-in with a wrong secret")
    REVOKED = "revoked", pgettext_lazy("refused", "Sign-in after revocation")


TONES = {0: "green", 1: "yellow", 2: "red"}
