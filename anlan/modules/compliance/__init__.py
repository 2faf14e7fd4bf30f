"""企业履责: what the law asks of a unit, when, and the evidence that answers it.

Words: a *workspace* (履责台账) is the one page of a unit; a *duty* (履责事项) is what the law or an adopted plan asks
of it, found by a rule from its lines, marks and size. *Evidence* (履责凭证) is a paper with the day it tells of; it is
handed in once and answers every duty it is mapped to. A *self-check* (自查) goes through a check list item by item on
a phone; a fault opens a hazard. Duties stand as met, at risk, missed or without data.

Rests on 安全生产法 4, 21 to 28, 41, 46, 51, 81 and the texts each duty cites (``anlan/rules/unit_duties.py``).
"""
