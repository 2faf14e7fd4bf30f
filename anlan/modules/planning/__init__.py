"""规划任务: what the planning documents ask of a region and of a unit, and how it stands by the platform's own facts.

Words: a *duty* (任务) is one numbered row of a planning document; it *binds* (适用) the units of its document's
jurisdiction within the document's period, or of a region that *adopted* (采用) the document by a local rule. It stands
as met, at risk, missed or without data. The duties are data of the rules; the facts are answered by the modules that
hold them (their room ``answers.py``); this module only shows both. It keeps no tables.

Rests on the planning documents themselves, each cited with every duty; drafts bind nobody unless adopted.
"""
