"""The pure core of a hall and the contract its parts share; no I/O, no clock, no randomness."""
