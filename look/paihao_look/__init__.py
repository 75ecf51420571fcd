"""How screens look: tokens, fonts, icons and the painting of screen values with pygame-ce."""
