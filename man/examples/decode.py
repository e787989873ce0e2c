#!/usr/bin/env python3
"""SMPP from Python, by way of libsmpp.so: PDUs as dictionaries and back.

As a program it reads PDUs as hexadecimal digits, one a line, and prints them
as JSON. An argument is the version to read them by: 33, 34 or 50.
"""
import ctypes
import json
import sys

smpp = ctypes.CDLL("libsmpp.so.0")
smpp.smpp_json_from_octets.argtypes = [
    ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint,
    ctypes.c_char_p, ctypes.c_size_t]
smpp.smpp_json_to_octets.argtypes = [
    ctypes.c_char_p, ctypes.c_uint,
    ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p]


def decode(octets, version=0):
    """What the PDU at the start of octets says; version is 0 for any."""
    size = 1024
    while True:
        out = ctypes.create_string_buffer(size)
        n = smpp.smpp_json_from_octets(octets, len(octets), version, out, size)
        if n < 0:
            raise ValueError("no octets")
        if n < size:
            return json.loads(out.value)
        size = n + 1


def encode(pdu, version=0x34):
    """The octets of a PDU: {"command_id_name": "submit_sm", ...}."""
    out = ctypes.create_string_buffer(131072)
    why = ctypes.create_string_buffer(200)
    n = smpp.smpp_json_to_octets(
        json.dumps(pdu).encode(), version, out, len(out), why)
    if n < 0:
        raise ValueError(why.value.decode())
    return out.raw[:n]


if __name__ == "__main__":
    version = int(sys.argv[1], 16) if len(sys.argv) > 1 else 0
    for line in sys.stdin:
        print(json.dumps(decode(bytes.fromhex(line), version)))
