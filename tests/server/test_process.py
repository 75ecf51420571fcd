"""What the server says at its start about what would go wrong later."""

import pytest

from paihao_server.process import unreadable_codes


@pytest.mark.parametrize("phone_url", ["http://127.0.0.1:8080", "http://localhost", "http://[::1]"])
def test_codes_that_lead_a_phone_to_itself_are_warned_of_once_the_hall_is_on_the_network(
    phone_url: str,
) -> None:
    assert "--phone-url" in unreadable_codes(phone_url, "0.0.0.0")  # noqa: S104
    assert unreadable_codes(phone_url, "127.0.0.1") == ""


def test_codes_that_lead_to_the_server_are_fine() -> None:
    assert unreadable_codes("http://192.0.2.10:8080", "0.0.0.0") == ""  # noqa: S104
