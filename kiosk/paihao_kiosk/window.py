"""The window of a kiosk; see `paihao_look.window`."""

from paihao_look.window import Event as Event
from paihao_look.window import KeyText as KeyText
from paihao_look.window import NoScreenError as NoScreenError
from paihao_look.window import Touch as Touch
from paihao_look.window import Window as Window
