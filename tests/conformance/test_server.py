"""The recording server itself: what the conformance tests stand on."""

import http.client

from tests.conformance.server import RecordingServer, reply
from tests.fakes import TurnedClock


def test_replies_come_in_order_the_last_one_repeats_and_each_request_is_recorded() -> None:
    clock = TurnedClock()
    with RecordingServer(clock=clock) as server:
        server.answers("http://a.test/feed", reply(200, b"one", etag='"1"'), reply(304))
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        statuses = []
        for _ in range(3):
            connection.request("GET", "/feed", headers={"Host": "a.test", "X-Asked": "yes"})
            response = connection.getresponse()
            response.read()
            statuses.append(response.status)
            clock.advance(minutes=1)
        connection.close()
    assert statuses == [200, 304, 304]
    assert server.connections == 1
    asked = server.asked("http://a.test/feed")
    assert [seen.headers["x-asked"] for seen in asked] == ["yes"] * 3
    assert asked[2].at is not None and asked[0].at is not None
    assert (asked[2].at - asked[0].at).total_seconds() == 120


def test_an_answer_may_be_any_bytes_at_all() -> None:
    with RecordingServer() as server:
        server.answers("http://a.test/", server.drip(b"HTTP/1.1 200 OK\r\n\r\nslow", every_s=0.001))
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        connection.request("GET", "/", headers={"Host": "a.test"})
        assert connection.getresponse().read() == b"slow"
        connection.close()
