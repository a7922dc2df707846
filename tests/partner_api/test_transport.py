"""What reaches the wire, what comes back, and which failures mean "never sent"."""

import gzip
import socket
import ssl
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from partner_api import (
    MalformedAnswer,
    NotSent,
    Order,
    PartnerClient,
    PartnerError,
    Temporary,
    ThrottledRead,
    UnknownOutcome,
)
from tests.partner_api import samples
from tests.partner_api.conftest import Sleeps
from tests.partner_api.stub import Stub, answer, data, drips, page, resets, sends

MakeClient = Callable[..., PartnerClient]


def buy(client: PartnerClient) -> Order:
    return client.create_order(external_id=samples.EXTERNAL_ID, sku_id=samples.SKU_ID, quantity=1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# Never left


@pytest.mark.fault("F34")
def test_a_refused_connection_means_not_sent(make_client: MakeClient) -> None:
    client = make_client(base_url=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(NotSent) as caught:
        buy(client)
    assert caught.value.reason == "refused"


@pytest.mark.fault("F34")
def test_a_name_that_does_not_resolve_means_not_sent(make_client: MakeClient) -> None:
    with pytest.raises(NotSent) as caught:
        buy(make_client(base_url="http://no-such-host.invalid"))
    assert caught.value.reason == "dns"


def test_a_connection_that_is_never_accepted_means_not_sent(make_client: MakeClient) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        # The queue of a listener that never accepts fills up; then the handshake hangs.
        fillers = []
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(deaf.getsockname())
            fillers.append(filler)
        port = deaf.getsockname()[1]
        try:
            with pytest.raises(NotSent) as caught:
                buy(make_client(base_url=f"http://127.0.0.1:{port}", connect_timeout=0.3))
        finally:
            for filler in fillers:
                filler.close()
    assert caught.value.reason == "connect-timeout"


@pytest.fixture
def https_port(tmp_path: Path) -> Iterator[int]:
    """A TLS server whose certificate nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            try:
                while True:
                    connection, _ = listener.accept()
                    try:
                        context.wrap_socket(connection, server_side=True).close()
                    except OSError:
                        connection.close()
            except OSError:
                return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.fault("F34")
def test_a_wrong_certificate_means_not_sent_and_is_never_bypassed(
    make_client: MakeClient, https_port: int, sleeps: Sleeps
) -> None:
    client = make_client(base_url=f"https://127.0.0.1:{https_port}")
    with pytest.raises(NotSent) as placing:
        buy(client)
    with pytest.raises(NotSent) as reading:
        client.balance()
    assert (placing.value.reason, reading.value.reason) == ("certificate", "certificate")
    assert sleeps == []


# May have arrived


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(resets(), id="reset before the answer"),
        pytest.param(sends(b""), id="closed before the answer"),
        pytest.param(resets(b"HTTP/1.1 200 OK\r\nContent-Le"), id="reset inside the headers"),
        pytest.param(resets(b"HTTP/1.1 200 OK\r\n\r\n{"), id="reset inside the body"),
        pytest.param(sends(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}"), id="truncated"),
        pytest.param(
            sends(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), id="bad chunk"
        ),
        pytest.param(sends(b"SSH-2.0-OpenSSH_9.2\r\n"), id="not HTTP"),
        pytest.param(
            answer(200, b"no gzip", {"Content-Encoding": "gzip"}), id="broken compression"
        ),
    ],
)
@pytest.mark.fault("F07")
def test_a_connection_lost_after_sending_leaves_the_outcome_unknown(
    stub: Stub, client: PartnerClient, behaviour: Callable[[socket.socket], bool]
) -> None:
    stub.will(behaviour)
    with pytest.raises(UnknownOutcome):
        buy(client)
    assert len(stub.requests) == 1


def test_silence_after_sending_leaves_the_outcome_unknown(
    stub: Stub, client: PartnerClient
) -> None:
    stub.will(drips(b"", drop=b""))
    with pytest.raises(UnknownOutcome) as caught:
        buy(client)
    assert caught.value.reason == "read-timeout"


def test_a_reset_of_a_connection_kept_from_before_is_unknown_and_not_repeated(
    stub: Stub, client: PartnerClient
) -> None:
    stub.will(data(samples.balance()), resets())
    client.balance()
    with pytest.raises(UnknownOutcome):
        buy(client)
    assert stub.connections == 1
    assert [request.method for request in stub.requests] == ["GET", "POST"]


def test_an_order_lost_while_a_refusal_is_being_handled_is_still_unknown(
    stub: Stub, client: PartnerClient, make_client: MakeClient
) -> None:
    """The older "refused" hangs on the newer error as its context; it must not be believed."""
    stub.will(resets())
    try:
        buy(make_client(base_url=f"http://127.0.0.1:{free_port()}"))
    except NotSent:
        with pytest.raises(UnknownOutcome):
            buy(client)


# Never repeated, never followed


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_post_is_never_repeated(stub: Stub, client: PartnerClient, status: int) -> None:
    stub.will(answer(status, {"message": "later"}, {"Retry-After": "0"}))
    with pytest.raises(UnknownOutcome):
        buy(client)
    assert len(stub.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.fault("F08")
def test_a_redirect_is_not_followed_and_is_unknown(
    stub: Stub, client: PartnerClient, status: int
) -> None:
    stub.will(answer(status, b"", {"Location": f"{stub.url}/elsewhere"}))
    with pytest.raises(UnknownOutcome) as caught:
        buy(client)
    assert caught.value.reason == "redirect"
    with pytest.raises(MalformedAnswer, match="redirect"):
        client.balance()
    assert [request.target for request in stub.requests] == ["/api/orders", "/api/balance"]


def test_a_redirect_to_nonsense_with_an_endless_body_is_cut_off(
    stub: Stub, client: PartnerClient
) -> None:
    stub.will(drips(b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\n\r\n", every=0.001))
    started = time.monotonic()
    with pytest.raises(UnknownOutcome):
        buy(client)
    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize(
    "location", ["http://[::1", "//", "\\x00", "http://%zz", "javascript:alert(1)"]
)
def test_a_redirect_to_nonsense_is_still_told_to_be_a_redirect(
    stub: Stub, client: PartnerClient, location: str
) -> None:
    stub.will(answer(302, b"", {"Location": location}))
    with pytest.raises(UnknownOutcome) as caught:
        buy(client)
    assert caught.value.reason == "redirect"


# Deadlines and caps


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"", id="status line"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX-Slow: ", id="headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", id="body"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", id="chunk size"),
    ],
)
@pytest.mark.fault("F32")
def test_a_dripping_answer_is_cut_at_the_time_out(
    stub: Stub, client: PartnerClient, head: bytes
) -> None:
    stub.will(drips(head, drop=b"1"))
    started = time.monotonic()
    with pytest.raises(UnknownOutcome) as caught:
        buy(client)
    assert 0.35 < time.monotonic() - started < 1.5
    assert caught.value.reason == "read-timeout"


def test_endless_interim_answers_are_cut_at_the_time_out(stub: Stub, client: PartnerClient) -> None:
    stub.will(drips(b"", drop=b"HTTP/1.1 100 Continue\r\n\r\n"))
    started = time.monotonic()
    with pytest.raises(UnknownOutcome):
        buy(client)
    assert time.monotonic() - started < 1.5


@pytest.mark.fault("F32")
def test_a_slow_partner_can_not_hold_a_reading_call_beyond_the_deadline(
    stub: Stub, make_client: MakeClient
) -> None:
    stub.will(drips(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"))
    client = make_client(read_timeout=30, deadline=0.8)
    started = time.monotonic()
    with pytest.raises(Temporary):
        client.balance()
    assert time.monotonic() - started < 2


@pytest.mark.fault("F32")
def test_an_order_answer_above_one_mebibyte_is_refused(stub: Stub, client: PartnerClient) -> None:
    stub.will(answer(200, b" " * (1024 * 1024 + 1)))
    with pytest.raises(UnknownOutcome) as caught:
        buy(client)
    assert caught.value.reason == "too-large"


@pytest.mark.parametrize("status", [200, 302, 500])
@pytest.mark.fault("F32")
def test_a_compression_bomb_is_cut_at_the_cap_and_never_fills_the_memory(
    stub: Stub, client: PartnerClient, status: int
) -> None:
    bomb = gzip.compress(b" " * 50 * 1024 * 1024)
    stub.will(answer(status, bomb, {"Content-Encoding": "gzip", "Location": "/elsewhere"}))
    tracemalloc.start()
    try:
        with pytest.raises(UnknownOutcome) as caught:
            buy(client)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert caught.value.reason == "too-large"
    assert peak < 8 * 1024 * 1024


def test_catalog_pages_may_be_larger_but_not_endless(stub: Stub, make_client: MakeClient) -> None:
    client = make_client(max_bytes=1000, max_catalog_bytes=8000, tries=1)
    stub.will(page([samples.product(description="x" * 4000)]))
    assert len(list(client.products())) == 1
    stub.will(page([samples.product(description="x" * 9000)]))
    with pytest.raises(Temporary, match="too large"):
        list(client.products())


def test_compressed_answers_are_read(stub: Stub, client: PartnerClient) -> None:
    stub.will(
        answer(
            200,
            gzip.compress(b'{"success": true, "data": {"balance": 1, "currency": "USD", '
                          b'"available_balance": 1}}'),
            {"Content-Encoding": "gzip"},
        )
    )  # fmt: skip
    assert client.balance().balance == 1
    assert stub.requests[0].headers["accept-encoding"] == "gzip"


# Repeats of reading calls


def test_a_reading_call_is_repeated_with_growing_jittered_pauses(
    stub: Stub, client: PartnerClient, sleeps: Sleeps
) -> None:
    stub.will(resets(), answer(503), data(samples.balance()))
    assert client.balance().currency == "USD"
    assert sleeps == [0.25, 0.5]
    assert len(stub.requests) == 3


def test_a_reading_call_gives_up_after_three_attempts(
    stub: Stub, client: PartnerClient, sleeps: Sleeps
) -> None:
    stub.will(answer(502))
    with pytest.raises(Temporary) as caught:
        client.balance()
    assert caught.value.status == 502
    assert len(stub.requests) == 3


def test_a_refusal_is_not_repeated(stub: Stub, client: PartnerClient) -> None:
    stub.will(answer(400, {"message": "no"}))
    with pytest.raises(Temporary):
        client.balance()
    assert len(stub.requests) == 1


def test_retry_after_is_waited_for_when_it_fits_the_deadline(
    stub: Stub, client: PartnerClient, sleeps: Sleeps
) -> None:
    stub.will(answer(429, {}, {"Retry-After": "1"}), data(samples.balance()))
    client.balance()
    assert sleeps == [1]


def test_retry_after_beyond_the_deadline_is_told_to_the_caller_at_once(
    stub: Stub, client: PartnerClient, sleeps: Sleeps
) -> None:
    stub.will(answer(429, {}, {"Retry-After": "60"}))
    with pytest.raises(ThrottledRead) as caught:
        client.balance()
    assert caught.value.retry_after == 60
    assert sleeps == []
    assert len(stub.requests) == 1


# What is sent


@pytest.mark.fault("F35")
def test_proxies_and_netrc_of_the_environment_are_ignored(
    stub: Stub, client: PartnerClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login mallory password stolen\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    stub.will(data(samples.balance()))
    client.balance()
    assert stub.requests[0].headers["authorization"] == "Bearer token-of-the-tests"


def test_cookies_of_the_partner_are_not_kept(stub: Stub, client: PartnerClient) -> None:
    stub.will(data(samples.balance(), {"Set-Cookie": "session=1; Path=/"}))
    client.balance()
    client.balance()
    assert "cookie" not in stub.requests[1].headers


def test_connections_are_kept_between_calls(stub: Stub, client: PartnerClient) -> None:
    stub.will(data(samples.balance()))
    for _ in range(3):
        client.balance()
    assert stub.connections == 1


def test_every_call_asks_for_json_and_carries_the_token(stub: Stub, client: PartnerClient) -> None:
    stub.will(data(samples.balance()))
    client.balance()
    sent = stub.requests[0].headers
    assert sent["accept"] == "application/json"
    assert sent["authorization"] == "Bearer token-of-the-tests"
    assert "x-signature" not in sent


def test_neither_an_address_nor_a_library_error_hangs_on_what_is_raised(
    stub: Stub, make_client: MakeClient
) -> None:
    """Error reports walk the chain of exceptions, and the address holds the ICCID."""
    client = make_client(base_url=f"http://127.0.0.1:{free_port()}", tries=1)
    with pytest.raises(PartnerError) as caught:
        client.esim_status(samples.ICCID)
    assert caught.value.__context__ is None
    assert samples.ICCID not in repr(caught.value)


def test_slightly_broken_headers_do_not_put_the_address_into_the_log(
    stub: Stub, client: PartnerClient, caplog: pytest.LogCaptureFixture
) -> None:
    stub.will(sends(b"HTTP/1.1 404 x\r\nno colon here\r\nContent-Length: 2\r\n\r\n{}"))
    with pytest.raises(PartnerError), caplog.at_level("INFO"):
        client.esim_status(samples.ICCID)
    assert samples.ICCID not in caplog.text
