"""值班值守: who answers for an office at any hour, and who hears of what escalates outside hours.

Words: an office that stands duty has a *duty room* (值班室) with its telephone. A *shift* (班次) names the duty officer
(值班员), the leading cadre (带班领导) and perhaps a deputy (副班), from one moment to another; it is taken up, its
hand-over note is written by whoever goes and signed by whoever comes. A *gap* (值班空缺) is a stretch of the coming
hours without a duty officer: an alarm of its own. A *swap* (换班) is asked of a named colleague, agreed to by him and
approved by the leader, or it lapses. An *absence* (不在岗) says on which days somebody cannot stand duty.

Rests on local rules (本地规定): hours, templates of shifts and the watch are parameters of the deployment. Duty is the
whole office's, so people limited to one sector line are not rostered.
"""
