"""How screens look: tokens, fonts, icons and the painting of screen values with pygame-ce.

Importing the package prepares SDL, which reads its settings when pygame is first imported:
without a GPU every update would wait for a frame and stall the event loop.
"""

import os

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
