"""The AsyncAPI document says what the contract says, and every reference in it leads somewhere."""

import json
from collections.abc import Iterator
from typing import Any

from paihao_hall.asyncapi import asyncapi, channel_name
from paihao_hall.contract import BOARD, KIOSK_REQUEST, TOPICS


def references(part: Any) -> Iterator[str]:
    match part:
        case {"$ref": str(target)}:
            yield target
        case dict():
            for value in part.values():
                yield from references(value)
        case list():
            for value in part:
                yield from references(value)


def test_every_topic_is_a_channel_with_its_address() -> None:
    document = asyncapi("1.2.3")
    assert document["info"]["version"] == "1.2.3"
    assert {channel["address"] for channel in document["channels"].values()} == {
        topic.template for topic in TOPICS
    }
    assert len(document["operations"]) == len(TOPICS)


def test_the_server_sends_boards_and_receives_requests() -> None:
    operations = asyncapi("1")["operations"]
    assert operations["send-zone-board"]["action"] == "send"
    assert operations["send-zone-board"]["bindings"]["mqtt"]["retain"] is True
    assert operations["receive-kiosk-request"]["action"] == "receive"
    assert channel_name(BOARD) == "zone-board"
    assert channel_name(KIOSK_REQUEST) == "kiosk-request"


def test_every_reference_leads_somewhere() -> None:
    document = asyncapi("1")
    targets = set(references(document))
    assert "#/components/schemas/Board" in targets
    for target in targets:
        part: Any = document
        for key in target.removeprefix("#/").split("/"):
            part = part[key]
        assert part


def test_parameters_are_those_of_the_address() -> None:
    channel = asyncapi("1")["channels"]["zone-board"]
    assert list(channel["parameters"]) == ["hall", "zone"]


def test_the_document_is_json_and_always_the_same() -> None:
    assert json.dumps(asyncapi("1")) == json.dumps(asyncapi("1"))
