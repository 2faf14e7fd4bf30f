"""在线监测: what gateways send, tag by tag, and how good it is.

Words: a *gateway* (接入网关) is the device of a site that sends readings, under a credential of its own. A *tag*
(测点) is one quantity it measures, by the name its payload uses. A *reading* is a value of a tag at a moment, with its
quality (good, uncertain, bad, as OPC UA classes them); readings lie in the historian's store, never in these tables.
*Refused counts* (拒收统计) say how much of what came was not taken in, and why. *Coverage* (联网率) says which units
must be connected and which are.

Rests on 《危险化学品重大危险源监督管理暂行规定》 (order 40; not held whole: 待核实) and the planning documents.
"""
