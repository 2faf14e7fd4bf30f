"""重大危险源: units of production or storage, identified and graded by GB 18218, filed, renewed, cancelled.

Words: an *installation* (重大危险源单元) is one unit of production or storage of a site. Its *holdings* say
how many tonnes of which substance by which *basis* (design maximum, or actual). *Grading* (辨识分级) reckons S
and R and keeps its working. The *responsible three* (主要、技术、操作负责人包保) answer for it by name. *Filing* (备案)
goes to the county's desk; it is renewed when the assessment is three years old or something changes, and *cancelled*
(核销) when nothing is left. *Targets* (防护目标) are people and places nearby that must be protected.

Rests on GB 18218-2018 and 《危险化学品重大危险源监督管理暂行规定》 (order 40; not held whole: 待核实).
"""
