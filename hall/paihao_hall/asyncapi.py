"""The AsyncAPI 3.0 document of the MQTT contract, made from the topics and their payloads.

Actions are seen from the server: it sends the topics it publishes and receives the others.
"""

import inspect
import re
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from paihao_hall.contract import TOPICS, Topic

_PLACE: Final = re.compile(r"\{(\w+)\}")
_ID_PATTERN: Final = "[A-Za-z0-9-]{1,32}"


def asyncapi(version: str, topics: Iterable[Topic[Any]] = TOPICS) -> dict[str, Any]:
    """Return the document as plain data, ready to be written as JSON.

    Args:
        version: of the program, which is that of the contract.
        topics: what to describe; all of the contract when not given.

    Returns:
        The same document for the same topics, key for key.
    """
    described = {channel_name(topic): topic for topic in topics}
    payloads = list(dict.fromkeys(topic.payload for topic in described.values()))
    _, schemas = msgspec.json.schema_components(
        payloads, ref_template="#/components/schemas/{name}"
    )
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Paihao",
            "version": version,
            "description": "The bus of one hall: MQTT 3.1.1, QoS 0 and 1, UTF-8 JSON.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {name: _channel(topic) for name, topic in described.items()},
        "operations": {
            ("send-" if topic.sender == "server" else "receive-") + name: _operation(name, topic)
            for name, topic in described.items()
        },
        "components": {
            "messages": {payload.__name__: _message(payload) for payload in payloads},
            "schemas": schemas,
        },
    }


def channel_name(topic: Topic[Any]) -> str:
    """Return a short name of a topic: ``zone-board`` for ``paihao/{hall}/zone/{zone}/board``."""
    levels = _PLACE.sub("", topic.template).split("/")
    return "-".join(level for level in levels[1:] if level)


def _channel(topic: Topic[Any]) -> dict[str, Any]:
    name = topic.payload.__name__
    return {
        "address": topic.template,
        "parameters": {
            place: {"description": f"Id of the {place}, {_ID_PATTERN}."}
            for place in _PLACE.findall(topic.template)
        },
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "description": f"From {topic.sender} to {', '.join(topic.readers)}.",
    }


def _operation(name: str, topic: Topic[Any]) -> dict[str, Any]:
    return {
        "action": "send" if topic.sender == "server" else "receive",
        "channel": {"$ref": f"#/channels/{name}"},
        "bindings": {"mqtt": {"qos": topic.qos, "retain": topic.retain, "bindingVersion": "0.2.0"}},
    }


def _message(payload: type[msgspec.Struct]) -> dict[str, Any]:
    return {
        "summary": (inspect.getdoc(payload) or "").partition("\n")[0],
        "contentType": "application/json",
        "payload": {"$ref": f"#/components/schemas/{payload.__name__}"},
    }
