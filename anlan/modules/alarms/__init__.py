"""监测报警: limits on the tags of online monitoring, what happens when one is crossed, and the desk that answers.

Words (ISA-18.2, IEC 62682): a *setting* (报警设定) is a limit of a tag with its delays, dead-band, hours and priority.
An *alarm* (报警) is one occurrence of it: unacknowledged, acknowledged, returned, shelved (搁置), out of service
(停用), closed. *Acknowledge* (确认) says somebody saw it and acts. A *flood* (报警泛滥) is more
than one desk can answer.

Rests on local rules (本地规定): times to acknowledge, by priority, and the figures of flood and chatter are parameters
of the deployment. Which tags must be watched at which limit is the unit's instrument list, no figure of the platform.
"""
