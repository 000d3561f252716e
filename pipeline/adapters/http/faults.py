"""Turns what a socket, the TLS layer or urllib3 raises into a FetchError with a reason of ours."""

import http.client
import socket
import ssl

from urllib3.exceptions import HTTPError, IncompleteRead, SSLError

from pipeline.errors import FetchError

# Everything the wire raises for what a server does. ValueError: http.client on a bad status
# line's number, a bad Content-Length, a NUL in a header.
WIRE_ERRORS = (FetchError, OSError, http.client.HTTPException, HTTPError, ValueError)


def explain(error: BaseException) -> FetchError:
    """Return the FetchError that says what happened; one found inside stays as it is."""
    chain = causes(error)
    for inner in chain:
        if isinstance(inner, FetchError):
            return inner
    for inner in chain:
        fault = of_tls(inner) or of_framing(inner) or of_socket(inner)
        if fault:
            return fault
    return FetchError(f"broken response: {error}"[:300], reason="protocol")


def causes(error: BaseException) -> list[BaseException]:
    """Return the error and those it wraps, the outermost first."""
    found: list[BaseException] = []
    queue: list[object] = [error]
    while queue and len(found) < 20:
        inner = queue.pop(0)
        if isinstance(inner, BaseException) and inner not in found:
            found.append(inner)
            # urllib3 hands the original over as an argument, without `raise … from`
            queue += [*inner.args, inner.__cause__, inner.__context__]
    return found


def of_tls(error: BaseException) -> FetchError | None:
    if isinstance(error, ssl.SSLCertVerificationError):
        return FetchError(f"certificate refused: {error.verify_message}", reason="tls")
    if isinstance(error, (ssl.SSLError, SSLError)):
        return FetchError(f"TLS failed: {error}"[:300], reason="tls")
    return None


def of_framing(error: BaseException) -> FetchError | None:
    if isinstance(error, http.client.RemoteDisconnected):
        return FetchError("the server closed the connection without an answer", reason="connect")
    if isinstance(error, (http.client.IncompleteRead, IncompleteRead)):
        return FetchError("the body ends before its length, or its chunks are broken",
                          reason="protocol")  # fmt: skip
    return None


def of_socket(error: BaseException) -> FetchError | None:
    if isinstance(error, HTTPError) or not isinstance(error, OSError):
        return None
    if isinstance(error, TimeoutError):
        return FetchError("no complete answer in time", reason="timeout")
    if isinstance(error, socket.gaierror):
        return FetchError(f"name not found: {error.strerror}", reason="dns")
    return FetchError(f"connection failed: {error.strerror or error}", reason="connect")
