"""危险化学品全过程管理: what a unit holds of which substance where, and where every kilogram came from and went.

Words: a *substance* (物质) stands in the catalogue; a *place of keeping* (存放点: warehouse, tank, process unit, waste
store) of a site keeps *stocks* (库存). Every change is a *movement* (流水) in kilograms, signed, never edited: what was
wrong is put right by another movement that names it. A *stocktaking* (盘点) states what is really there; what it
differs by is the *open balance* (物料不平衡量) of its period. A *consignment* (运单) joins what one unit sent to what
another received. A *finding* (账目异常) waits for an explanation: an open balance, two sides that differ, a limit
exceeded, things kept together that should not be. A *police record* (公安备案) is due after each sale or purchase of
what is marked highly toxic or a precursor of explosives.

Rests on 《危险化学品安全管理条例》 articles 23, 25, 41 and, since 2026-05-01, 《危险化学品安全法》.
"""
