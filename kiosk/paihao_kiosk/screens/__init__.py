"""What the kiosk shows: pure functions from its state to a screen."""

from paihao_kiosk.pages import Confirm, Home, Message, Printed, Search, Services, Unsure
from paihao_kiosk.screens import confirm, home, message, printed, search, services, unsure
from paihao_kiosk.state import Moment, State
from paihao_look.picture import Screen


def screen(state: State, now: Moment) -> Screen:
    """Return what a kiosk in this state shows."""
    if state.plan is None or not state.settled:
        return home.starting(state, now)
    match state.page:
        case Home():
            return home.screen(state, now)
        case Services() as page:
            return services.screen(state, page, now)
        case Search() as page:
            return search.screen(state, page, now)
        case Confirm() as page:
            return confirm.screen(state, page, now)
        case Printed() as page:
            return printed.screen(state, page, now)
        case Unsure() as page:
            return unsure.screen(state, page, now)
        case Message() as page:
            return message.screen(state, page, now)
