"""The alarm engine: readings in, transitions out. Pure arrays: no Django, no clock, no input or output.

Everything is judged by the readings' own times, so the outcome depends on the readings and on nothing else: not on how
they were cut into batches, nor on when somebody looked. A second run over the same readings gives the same transitions
with the same moments, and that is what makes them safe to record again after a crash.
"""

from anlan.modules.alarms.engine.engine import Engine
from anlan.modules.alarms.engine.words import KINDS, Kind, Setting, Transition

__all__ = ["KINDS", "Engine", "Kind", "Setting", "Transition"]
