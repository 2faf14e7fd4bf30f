"""法规库: laws, standards and local documents with their editions and articles, and check lists that rest on them.

Words: a *statute* (法规) is a text by its title; an *edition* (版本) is what it said from a day on, held as text or
only cited (文本未收录). An *article* (条) is one clause of an edition; 款 and 项 are read off its text. A *check list*
(检查表) is a numbered version of items, each with its clause, how to check and what evidence to keep.

The library computes nothing; it shows where the figures of ``anlan.rules``, the steps of
the processes, the check lists and the papers come from. Laws are public: everybody with a role reads them.
"""
