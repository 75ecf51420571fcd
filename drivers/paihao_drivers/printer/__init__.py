"""Ticket printers that speak ESC/POS: what a slip says, its bytes, and the driver that sends it."""
