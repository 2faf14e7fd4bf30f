"""What the planning documents ask, judged from the platform's own facts.

The duties are data of the rules (``anlan.rules.obligations``). A module that holds a fact a duty asks for declares a
function that answers it (``facts.answers``, in its room ``answers.py``); ``selectors.standing`` asks them and has the
rule judge. A duty binds where an issued document does, or where a region adopted its document (``adoption``).
"""
