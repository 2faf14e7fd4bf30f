"""驾驶舱与领导页: a region's safety work at a glance, and one phone screen for whoever leads.

The cockpit counts; it owns no record and changes none. It reads one documented view per module (``facts_hazards``,
``facts_registry``) and the deadlines of the kernel, within the reader's own regions and lines, and every number
leads to the records behind it. What each number means, numerator and denominator, stands in ``choices.py`` and is
shown beside it. Words: *place* is the region being looked at, *parts* the regions one level down, *rest* what lies
in the place but in none of its parts.

Statutes: 《中华人民共和国安全生产法》第四十一条第三款（重大事故隐患治理督办）.
"""
