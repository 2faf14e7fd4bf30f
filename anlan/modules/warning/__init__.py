"""区域预警: an index of every day for units, parks, towns, counties and the city, and the warnings that follow from it.

Words: the *index* (预警指数) is a number from 0 to 100 made of *parts* (分项): standing alarms by priority, the share
of what must be connected and is not, hazards overdue by grade; a *period* (特殊时段: a season, a holiday, a campaign)
makes it weigh more. A *warning* (预警) is proposed by the index or issued by hand, at a level from blue to red. Its
*notices* (预警通知) go to towns and units, who acknowledge, report measures, and see it withdrawn or expire; its
*effect* (成效) is kept: the index before and after, how many acknowledged in time.

Rests on local rules (本地规定): formula, weights and levels are a method of this platform, no law; the figures are
parameters of the deployment. The planning documents ask for warning by place, season and special time, not how.
"""
