"""What a device can do to its caller: one class per reaction."""

import os


class DeviceError(Exception):
    """A device did not do what it was asked.

    Attributes:
        device: name from the hall's configuration, such as ``"pad-07"``.
    """

    def __init__(self, device: str, problem: str) -> None:
        super().__init__(f"{device}: {problem}")
        self.device = device


class DeviceGoneError(DeviceError):
    """The port closed, the cable was pulled or the port cannot be opened; reopening may help."""


class DeviceTimeoutError(DeviceError, TimeoutError):
    """The device stayed silent past its deadline; asking again may help."""


class DeviceSetupError(DeviceError):
    """The address is wrong or a library is missing; only a person can help."""


def reason(error: OSError) -> str:
    """Return why the system refused, in its own few words.

    Libraries put number, path or address around these words, which our messages name already.
    """
    if error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return error.strerror or str(error)
