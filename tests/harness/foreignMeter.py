"""A meter that is none of ours: pymodbus serves the input registers of an SDM630 as its datasheet has them. Port and unit are its arguments."""
import struct
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartTcpServer

values = {0: 231.5, 2: 230.1, 4: 229.8, 6: 12.5, 8: 11.0, 10: 10.2, 52: 7654.0, 70: 49.98, 72: 1234.5}
words = [0] * 400
for address, value in values.items():
    words[address : address + 2] = struct.unpack(">HH", struct.pack(">f", value))

port, unit = int(sys.argv[1]), int(sys.argv[2])
slave = ModbusSlaveContext(ir=ModbusSequentialDataBlock(0, words), zero_mode=True)
StartTcpServer(context=ModbusServerContext(slaves={unit: slave}, single=False), address=("127.0.0.1", port), allow_reuse_address=True)
