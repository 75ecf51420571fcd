"""What every test runs under: no screen, no sound card, and properties without a stop-watch."""

import os

from hypothesis import settings

# Read by SDL when pygame is first imported, so they are set before any test module is.
os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ["SDL_AUDIODRIVER"] = "dummy"
os.environ["SDL_FRAMEBUFFER_ACCELERATION"] = "0"
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"

# Two busy cores make a slow example, not a wrong one.
settings.register_profile("paihao", deadline=None, print_blob=True)
settings.load_profile("paihao")
