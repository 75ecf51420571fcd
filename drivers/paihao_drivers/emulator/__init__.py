"""Devices that are played by software: they know the wire, not the drivers."""
