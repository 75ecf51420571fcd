"""Devices of a hall: codec (bytes), transport (I/O), driver and emulator of each."""
