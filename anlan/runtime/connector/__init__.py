"""The connector: reads machines of a plant that speak OPC UA or Modbus TCP and passes their readings on as a gateway.

It runs beside the machines, needs no database and nothing of the platform but an address and a gateway's credential.
What was read goes to a spool on its own disk first, and leaves it when the platform has acknowledged it. ``settings``,
``registers``, ``batching`` and ``spool`` know no protocol; ``modbus``, ``opcua`` and ``sending`` speak one each.
"""
