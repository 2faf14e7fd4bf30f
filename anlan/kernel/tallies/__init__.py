"""Kept numbers: how many records lie where, by line and kind, kept by the statement that changes the records.

A module says in a view of its own (``tallied_<module>``) what each of its records counts for, and adds triggers that
write the *difference* a statement made as rows of ``tally_delta``, in that statement's transaction: no row is hot,
nothing is lost, nothing is counted twice. Once a minute the differences are folded into ``tally_cell``. Whoever reads
adds both (``Tally``), so a figure is exact at every moment and only cheap or dearer. Each night the views are counted
anew and compared; what differs is put right, journalled and told to the administrators.

What passes by time alone (a day that runs out) is no difference: the cell carries the day or the moment, and the reader
compares it with now.
"""
