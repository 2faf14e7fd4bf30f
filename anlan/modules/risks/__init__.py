"""风险分级管控: every risk point of a site, how grave it is, who controls it and by which measures.

Words: a *risk point* (风险点) is a place, an equipment, a process or a post. An *assessment* (风险评估) is one revision
of it: a list of *factors* (危险有害因素), found by JHA (work steps), SCL (check items) or direct judgement, each scored
without its measures (*inherent*) and with them (*residual*); it is never edited, the next one supersedes it. A point
shows one of the *four colours*; hazards that come back raise it (*raised*). A *measure* (管控措施) is of one of five
kinds; whoever checks it finds it effective or failed, and a failed one opens a hazard. The *register* (风险清单) of a
site says when it is reviewed next. A *notice card* (风险告知卡) hangs at the point; its QR code opens without sign-in.
*Zones* are drawn on the *floor plan* of a site. An *area assessment* (区域安全风险评估) is a government's own.

Statutes: 安全生产法 (2021) articles 4 and 41; the methods of scoring are industry practice, in the book of rules.
"""
