"""The touch kiosk where citizens take a number."""
