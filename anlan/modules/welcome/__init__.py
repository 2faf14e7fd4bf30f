"""入驻: how enterprises come in. Invitations by the hundred, claims with a code, the people of a unit, their passwords.

Words: an *invitation* (邀请) opens a unit's file to whoever holds its one-time code and knows the unit's number; it is
printed as a slip (入驻告知单) or sent as a message. A *round* (批次) is what one officer invited in one go. A unit is
*claimed* (认领) when its principal has set up his account by the code. The *people of a unit* are the accounts that
act for it: the principal, the safety manager he names, workshops and workers. A *recovery code* (找回码) is the way
back for whoever lost his password. Accounts and authorities themselves belong to the kernel.

Rests on 《安全生产法》第四条、第二十一条 (the unit's principal answers for its work safety) and on local rules for how
long a code lasts.
"""
