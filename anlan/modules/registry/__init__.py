"""一企一档: who the units are, where their sites lie, who answers in them.

A **unit** (生产经营单位) is the legal person, the individual business or the site without a licence; a **site** (场所)
is what is inspected and what lies in a region: one unit may have five sites in three towns, and each town sees its
own. A **person** holds posts in a unit and certificates; what identifies a person is sealed under that person's own
key. Every change of a field is history, every act is journalled, and two records of one thing can be merged without
losing either's past.

Statutes: 《中华人民共和国安全生产法》第四条第一款、第五条、第二十四条第一款和第二款、第二十七条第二款;
GB 32100-2015; GB/T 4754-2017.
"""
