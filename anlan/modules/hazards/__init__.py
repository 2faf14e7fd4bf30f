"""隐患排查治理: a hidden hazard from the moment it is found until it is struck off the ledger.

Words: a *hazard* (隐患) lies on a site, is *general* or *major*, and moves along one table of steps: found, registered,
assessed, planned (major only), rectified, reviewed, closed, looked at again. Beside it run the *transfer* to another
desk, the *listing* for supervision (挂牌督办), the leader's *instruction* (批示) and the *extension* of time (延期).
Statutes: 安全生产法 (2021) articles 41, 59, 65, 74; 安全生产事故隐患排查治理暂行规定 (令16); the statutory lists of
major hazards in ``anlan.rules.hazard_list``.
"""
