"""The last will of a board or speaker; see `paihao_runtime.device`."""

from paihao_runtime.device import last_will as last_will
