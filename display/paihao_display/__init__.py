"""The wall board and the announcer of a zone."""
