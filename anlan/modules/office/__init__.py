"""机构人员与设置: who works where with which authority, the tree of regions, local rules, how the platform itself runs.

The nouns belong to the kernel; this module only shows them and offers their acts. Words: an *account* is a person's
sign-in, kept by the administrators of a region; a *post* is a place in an office, with its role; an *authority*
(授权) is a role over a region subtree and a sector line, or for a unit, with its days; a *local rule* (本地规定) is a
figure a jurisdiction set for itself, by a decision, from a day on: the nearest region upward counts. An *event* is
what a module announced; a *job given up* is one that failed in every attempt.
"""
