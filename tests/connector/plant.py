"""A plant on loopback: a real server of OPC UA and a real one of Modbus TCP, on a thread with a loop of their own."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import threading
from collections.abc import Coroutine
from typing import Any

from asyncua import Server, ua
from pymodbus.datastore import ModbusDeviceContext, ModbusSequentialDataBlock, ModbusServerContext
from pymodbus.server import ModbusTcpServer

from anlan.runtime.embedded.nats import free_port

for name in ("asyncua", "pymodbus"):
    logging.getLogger(name).setLevel(logging.CRITICAL)


class Plant:
    """Both servers; each can be switched off and on again on its port."""

    def __init__(self) -> None:
        self.opc_port, self.modbus_port = free_port(), free_port()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._opc: Server | None = None
        self._nodes: dict[str, Any] = {}
        self._modbus: Any = None

    def call(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    def end(self) -> None:
        self.opc_off()
        self.modbus_off()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    # -- OPC UA ----------------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return f"opc.tcp://127.0.0.1:{self.opc_port}"

    def opc_on(self, **values: Any) -> None:
        """A server whose nodes ``ns=2;s=NAME`` hold these values."""
        self.call(self._opc_on(values))

    async def _opc_on(self, values: dict[str, Any]) -> None:
        server = Server()
        await server.init()
        server.set_endpoint(self.url)
        server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
        space = await server.register_namespace("urn:plant")
        for name, value in values.items():
            self._nodes[name] = await server.nodes.objects.add_variable(ua.NodeId(name, space), name, value)
        await server.start()
        self._opc = server

    def opc_off(self) -> None:
        server, self._opc = self._opc, None
        if server is not None:
            self.call(server.stop())

    def say(self, name: str, value: Any, status: int = 0, at: dt.datetime | None = None) -> None:
        """A node's value, its status and the source's moment."""
        moment = at or dt.datetime.now(dt.UTC)
        told = ua.DataValue(ua.Variant(value), StatusCode=ua.StatusCode(status), SourceTimestamp=moment)
        self.call(self._nodes[name].write_value(told))

    # -- Modbus ----------------------------------------------------------------------------------------------------

    def modbus_on(self, *, holding: dict[int, int], inputs: dict[int, int], coils: dict[int, bool]) -> None:
        """A device that holds neighbouring registers from the first address given on; other addresses it refuses."""
        self.call(self._modbus_on(_block(holding), _block(inputs), _block(coils)))

    async def _modbus_on(self, holding: Any, inputs: Any, coils: Any) -> None:
        context = ModbusServerContext(devices=ModbusDeviceContext(hr=holding, ir=inputs, co=coils))
        self._modbus = ModbusTcpServer(context, address=("127.0.0.1", self.modbus_port))
        await self._modbus.serve_forever(background=True)

    def modbus_off(self) -> None:
        server, self._modbus = self._modbus, None
        if server is not None:
            self.call(server.shutdown())

    def set_holding(self, address: int, value: int) -> None:
        """What a holding register holds from now on."""
        self.call(self._modbus.async_setValues(0, 16, address, [value]))


def _block(values: dict[int, Any]) -> ModbusSequentialDataBlock:
    first = min(values)
    assert sorted(values) == list(range(first, first + len(values)))
    return ModbusSequentialDataBlock(first + 1, [values[address] for address in sorted(values)])
