"""The web side of the server: API, sessions, streams and the pages people see."""
