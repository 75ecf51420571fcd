"""The dispatcher process: the log, the bus, the broker and the web."""
