"""Devices of a hall: byte codecs, links to ports, drivers and emulators."""
