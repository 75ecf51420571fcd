"""What any broker of the hall must do; the embedded one and a real Mosquitto are held to it."""

import asyncio
import contextlib
import random

import pytest

from tests.fakes.brokers import RunningBroker
from tests.fakes.mqtt_client import PUBLISH, ConnectionGoneError, RawClient, packet, text

A, B, C = "tester-1", "tester-2", "tester-3"
TOPIC = "paihao/hall/zone/z1/board"
OWN_REPLY = "paihao/hall/kiosk/kiosk-1/reply"
OTHERS_REPLY = "paihao/hall/kiosk/kiosk-2/reply"
QUIET_S = 0.3
"""How long to wait for something that must not come."""


async def nothing_comes(raw: RawClient) -> bool:
    count = len(raw.got)
    await raw.ping()
    await asyncio.sleep(QUIET_S)
    await raw.ping()
    return len(raw.got) == count


async def test_five_hundred_messages_arrive_once_and_in_order(broker: RunningBroker) -> None:
    reader, writer = await broker.client(A), await broker.client(B)
    await reader.subscribe(TOPIC)
    for number in range(500):
        writer.publish(TOPIC, str(number).encode())
    got = await reader.expect(500)
    assert [int(each.body) for each in got] == list(range(500))
    assert await nothing_comes(reader)


async def test_messages_of_qos_0_arrive_with_qos_0(broker: RunningBroker) -> None:
    reader, writer = await broker.client(A), await broker.client(B)
    await reader.subscribe("paihao/hall/beat")
    writer.publish("paihao/hall/beat", b"1", qos=0)
    (got,) = await reader.expect(1)
    assert (got.body, got.qos) == (b"1", 0)


async def test_retained_state_is_replaced_flagged_and_cleared(broker: RunningBroker) -> None:
    writer, live = await broker.client(A), await broker.client(B)
    await live.subscribe("paihao/hall/zone/+/board")
    await writer.publish_and_wait(TOPIC, b"old", retain=True)
    await writer.publish_and_wait(TOPIC, b"new", retain=True)
    assert [(each.body, each.retain) for each in await live.expect(2)] == [
        (b"old", False),
        (b"new", False),
    ]
    late = await broker.client(C)
    await late.subscribe("paihao/hall/zone/+/board")
    assert [(each.body, each.retain) for each in await late.expect(1)] == [(b"new", True)]
    await writer.publish_and_wait(TOPIC, b"", retain=True)
    await late.leave()
    late = await broker.client(C)
    await late.subscribe("paihao/hall/zone/+/board")
    assert await nothing_comes(late)
    assert late.got == []


async def test_retained_messages_come_only_to_those_who_asked(broker: RunningBroker) -> None:
    writer, reader = await broker.client(A), await broker.client(B)
    await writer.publish_and_wait(TOPIC, b"state", retain=True)
    await reader.subscribe(TOPIC)
    await reader.expect(1)
    bystander = await broker.client(C)
    assert await nothing_comes(bystander)
    assert bystander.got == []


async def test_an_unsubscribed_topic_is_silent(broker: RunningBroker) -> None:
    reader, writer = await broker.client(A), await broker.client(B)
    await reader.subscribe(TOPIC)
    reader.send(packet(10, 2, b"\x00\x63" + text(TOPIC)))
    await reader.ping()
    await writer.publish_and_wait(TOPIC, b"unheard")
    assert await nothing_comes(reader)


async def test_overlapping_filters_deliver_at_least_once(broker: RunningBroker) -> None:
    reader, writer = await broker.client(A), await broker.client(B)
    await reader.subscribe("paihao/hall/zone/#", "paihao/hall/+/z1/board", TOPIC)
    await writer.publish_and_wait(TOPIC, b"state")
    assert {each.body for each in await reader.expect(1)} == {b"state"}


WILL_TOPIC = "paihao/hall/device/tester-1/status"


async def test_the_will_comes_when_the_socket_is_lost(broker: RunningBroker) -> None:
    reader = await broker.client(B)
    await reader.subscribe(WILL_TOPIC)
    dying = await broker.client(A, will=(WILL_TOPIC, b"offline", True))
    await dying.close()
    assert [each.body for each in await reader.expect(1)] == [b"offline"]
    late = await broker.client(C)
    await late.subscribe(WILL_TOPIC)
    assert [each.retain for each in await late.expect(1)] == [True]


async def test_no_will_comes_after_a_clean_goodbye(broker: RunningBroker) -> None:
    reader = await broker.client(B)
    await reader.subscribe(WILL_TOPIC)
    leaving = await broker.client(A, will=(WILL_TOPIC, b"offline", False))
    await leaving.leave()
    hasty = await broker.dial()
    await hasty.connect(A, broker.login(A), will=(WILL_TOPIC, b"offline", False))
    hasty.send(packet(14, 0, b""))
    assert await nothing_comes(reader)


async def test_the_will_comes_when_a_client_falls_silent(broker: RunningBroker) -> None:
    reader = await broker.client(B)
    await reader.subscribe(WILL_TOPIC)
    silent = await broker.client(A, keep_alive_s=1, will=(WILL_TOPIC, b"offline", False))
    # Mosquitto looks every few seconds.
    assert [each.body for each in await reader.expect(1, within_s=10)] == [b"offline"]
    assert await silent.closed()


async def test_a_client_that_pings_in_time_stays(broker: RunningBroker) -> None:
    pinging = await broker.client(A, keep_alive_s=1)
    for _ in range(4):
        await asyncio.sleep(0.5)
        await pinging.ping()


@pytest.mark.parametrize("clean", [True, False])
async def test_a_second_login_takes_over(broker: RunningBroker, clean: bool) -> None:
    first = await broker.client(A, clean=clean)
    second = await broker.client(A, clean=clean)
    assert await first.closed()
    await second.subscribe(TOPIC)
    await (await broker.client(B)).publish_and_wait(TOPIC, b"state")
    await second.expect(1)


async def test_a_persistent_session_keeps_messages_for_a_client_that_is_away(
    broker: RunningBroker,
) -> None:
    writer = await broker.client(B)
    reader = await broker.client(A, clean=False)
    await reader.subscribe(TOPIC)
    await reader.leave()
    for number in range(8):
        await writer.publish_and_wait(TOPIC, str(number).encode())
    back = await broker.dial()
    assert await back.connect(A, broker.login(A), clean=False) == (True, 0)
    assert [int(each.body) for each in await back.expect(8)] == list(range(8))


async def test_a_clean_login_forgets_the_session(broker: RunningBroker) -> None:
    reader = await broker.client(A, clean=False)
    await reader.subscribe(TOPIC)
    await reader.leave()
    await (await broker.client(A, clean=True)).leave()
    back = await broker.dial()
    assert await back.connect(A, broker.login(A), clean=False) == (False, 0)


async def test_what_was_not_acknowledged_comes_again(broker: RunningBroker) -> None:
    reader, writer = await broker.client(A, clean=False), await broker.client(B)
    await reader.subscribe(TOPIC)
    reader.acknowledges = False
    await writer.publish_and_wait(TOPIC, b"one")
    await writer.publish_and_wait(TOPIC, b"two")
    await reader.expect(2)
    await reader.close()
    back = await broker.client(A, clean=False)
    got = await back.expect(2)
    assert [(each.body, each.dup) for each in got] == [(b"one", True), (b"two", True)]


async def test_a_slow_reader_loses_nothing_of_what_it_was_sent(broker: RunningBroker) -> None:
    reader, writer = await broker.client(A), await broker.client(B)
    await reader.subscribe(TOPIC)
    reader.acknowledges = False
    for number in range(300):
        writer.publish(TOPIC, str(number).encode())
    await writer.ping()
    held = [each.packet_id for each in await reader.expect(100)]
    reader.acknowledges = True
    for packet_id in held:
        reader.send(packet(4, 0, packet_id.to_bytes(2)))
    assert [int(each.body) for each in await reader.expect(300)] == list(range(300))


async def test_a_payload_of_200_kilobytes_arrives_whole(broker: RunningBroker) -> None:
    reader, writer = await broker.client(A), await broker.client(B)
    await reader.subscribe(TOPIC)
    body = random.Random(1).randbytes(200_000)
    await writer.publish_and_wait(TOPIC, body, retain=True)
    assert [each.body for each in await reader.expect(1)] == [body]


async def test_damaged_packets_end_their_own_connection_only(broker: RunningBroker) -> None:
    old = await broker.client(A)
    await old.subscribe(TOPIC)
    chance = random.Random(2026)
    connect = packet(1, 0, text("MQTT") + b"\x04\xc2\x00\x3c" + text("x") + text("a") + text("b"))
    samples = [chance.randbytes(chance.randint(1, 60)) for _ in range(80)]
    samples += [connect[:length] for length in range(1, len(connect), 3)]
    samples += [packet(kind, 0, chance.randbytes(9)) for kind in range(16)]
    samples += [b"\x10\xff\xff\xff\xff\x7f", b"\x30\xff\xff\xff\x7f", b"\x00\x00", b"\xf0\x00"]
    for sample in samples:
        stranger = await broker.dial()
        stranger.send(sample)
        await stranger.close()
        known = await broker.client(C)
        known.send(sample)
        await known.close()
    await (await broker.client(B)).publish_and_wait(TOPIC, b"still here")
    assert [each.body for each in await old.expect(1)][-1:] == [b"still here"]


@pytest.mark.parametrize("flags", [0, 6])
async def test_a_publish_that_breaks_the_standard_ends_the_connection(
    broker: RunningBroker, flags: int
) -> None:
    bad = await broker.client(A)
    path = "paihao/hall/+/z1" if flags == 0 else TOPIC
    bad.send(packet(PUBLISH, flags, text(path) + b"\x00\x01body"))
    assert await bad.closed()


@pytest.mark.parametrize("name", ["tester-1", "nobody", ""])
async def test_a_wrong_password_is_refused(broker: RunningBroker, name: str) -> None:
    stranger = await broker.dial()
    try:
        _, code = await stranger.connect("x", (name, "wrong"))
    except ConnectionGoneError:
        return
    assert code in (4, 5)
    assert await stranger.closed()


async def test_nobody_comes_in_without_a_login(broker: RunningBroker) -> None:
    stranger = await broker.dial()
    try:
        _, code = await stranger.connect("x", None)
    except ConnectionGoneError:
        return
    assert code in (4, 5)


async def test_a_wrong_password_does_not_disturb_the_client_of_that_name(
    broker: RunningBroker,
) -> None:
    right, writer = await broker.client(A, clean=False), await broker.client(B)
    await right.subscribe(TOPIC)
    for clean in (True, False):
        stranger = await broker.dial()
        _, code = await stranger.connect(A, (A, "wrong"), clean=clean)
        assert code in (4, 5)
    await writer.publish_and_wait(TOPIC, b"state")
    assert [each.body for each in await right.expect(1)] == [b"state"]


async def test_a_device_cannot_end_the_session_of_another(broker: RunningBroker) -> None:
    victim = await broker.client("kiosk-1")
    thief = await broker.dial()
    await thief.connect("kiosk-1", broker.login("kiosk-2"))
    await victim.ping()


async def test_a_device_publishes_on_its_own_topics_only(broker: RunningBroker) -> None:
    server, kiosk = await broker.client(A), await broker.client("kiosk-1")
    await server.subscribe("paihao/hall/#")
    for path in (
        "paihao/hall/kiosk/kiosk-2/request",
        "paihao/hall/zone/z1/board",
        "paihao/hall/kiosk/kiosk-1/reply",
        "paihao/other/kiosk/kiosk-1/request",
        "paihao/hall/device/kiosk-2/status",
        "anything",
    ):
        await kiosk.publish_and_wait(path, b"forged")
    await kiosk.publish_and_wait("paihao/hall/kiosk/kiosk-1/request", b"own")
    await kiosk.publish_and_wait("paihao/hall/device/kiosk-1/status", b"own")
    await server.expect(2)
    assert await nothing_comes(server)
    assert {each.body for each in server.got} == {b"own"}


async def test_a_device_reads_its_own_topics_only(broker: RunningBroker) -> None:
    server, kiosk = await broker.client(A), await broker.client("kiosk-1")
    for path in (OWN_REPLY, OTHERS_REPLY):
        await server.publish_and_wait(path, b"kept", retain=True)
    await kiosk.subscribe("#", "paihao/#", "paihao/hall/kiosk/+/reply", OTHERS_REPLY, OWN_REPLY)
    for path in (OWN_REPLY, OTHERS_REPLY, "paihao/hall/window/window-1/state"):
        await server.publish_and_wait(path, b"live")
    # Retained messages may come once for each filter that fits.
    await kiosk.expect(2)
    await asyncio.sleep(QUIET_S)
    await kiosk.ping()
    assert {each.path for each in kiosk.got} == {OWN_REPLY}
    assert {each.body for each in kiosk.got} == {b"kept", b"live"}


async def test_a_will_on_a_foreign_topic_is_not_published(broker: RunningBroker) -> None:
    server = await broker.client(A)
    await server.subscribe("paihao/hall/#")
    kiosk = await broker.dial()
    with contextlib.suppress(ConnectionGoneError):
        await kiosk.connect("kiosk-1", broker.login("kiosk-1"), will=(TOPIC, b"forged", True))
    await kiosk.close()
    assert await nothing_comes(server)


async def test_a_connection_that_never_logs_in_does_no_harm(broker: RunningBroker) -> None:
    silent = [await broker.dial() for _ in range(20)]
    reader, writer = await broker.client(A), await broker.client(B)
    await reader.subscribe(TOPIC)
    await writer.publish_and_wait(TOPIC, b"state")
    await reader.expect(1)
    for each in silent:
        await each.close()


async def test_a_subscriber_that_never_reads_does_not_stop_the_others(
    broker: RunningBroker,
) -> None:
    deaf, reader, writer = [await broker.client(name) for name in (A, B, C)]
    await deaf.subscribe(TOPIC)
    await reader.subscribe(TOPIC)
    body = bytes(100_000)
    for _ in range(150):
        await writer.publish_and_wait(TOPIC, body)
    await reader.expect(150)
