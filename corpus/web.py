"""Fetching a page safely: http and https only, public addresses only, bounded in size, time and redirects."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit, urlunsplit

from corpus.errors import SourceError, SourceNotFound, SourceTooLarge, UnreadableSource, UnsupportedSource

if TYPE_CHECKING:
    import httpx

USER_AGENT = "tawthiq/0.1 (document reader)"
MAX_REDIRECTS = 5
MAX_BYTES = 20_000_000
MAX_FILE_BYTES = 100_000_000
TIMEOUT = 20.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Addresses that ipaddress calls global but that lead inside: IPv4 wrapped in IPv6 is unwrapped below.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Page(NamedTuple):
    """What was fetched: the bytes, the Content-Type header as sent, and the address after redirects."""

    data: bytes
    content_type: str
    url: str


def is_url(source: str) -> bool:
    """Whether `source` is meant as an address rather than a path."""
    return "://" in source[:12] and source.split("://", 1)[0].isalpha()


def normalise_url(url: str) -> str:
    """`url` in one spelling: lower-case scheme and host, no default port, no fragment, "/" for an empty path.

    Raises UnsupportedSource where it is not an http or https address, or carries a password.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
    except (ValueError, UnicodeError):
        raise UnsupportedSource(f"{url} is not a valid address.", "Check its spelling.", source=url) from None
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https") or not host:
        raise UnsupportedSource(f"{url} is not an http or https address.", "Give a web page or a file.", source=url)
    if parts.username or parts.password:
        raise UnsupportedSource(f"The address of {host} carries a user name or password.", "Leave it out.", source=host)
    if ":" in host:
        host = f"[{host}]"
    if port and port != {"http": 80, "https": 443}[scheme]:
        host = f"{host}:{port}"
    return urlunsplit((scheme, host, parts.path or "/", parts.query, ""))


def fetch(
    url: str,
    *,
    max_bytes: int | Callable[[str, str], int] = MAX_BYTES,
    timeout: float = TIMEOUT,
    allow_private: bool = False,
) -> Page:
    """Fetch `url`, following at most five redirects; `timeout` is in seconds, for each step of the connection.

    `max_bytes` is the largest size, or tells it from the content type and the address after redirects.

    Each hop's host is resolved here, refused unless all its addresses are public, and connected to at the very address
    that was checked, so that a name cannot change its mind in between. `allow_private` lifts that, for tests and for
    people who read their own intranet. Raises SourceError subclasses.
    """
    import httpx

    address = normalise_url(url)
    # Proxies from the environment would resolve names themselves, past the check above.
    with httpx.Client(
        timeout=timeout, follow_redirects=False, trust_env=False, headers={"User-Agent": USER_AGENT}
    ) as client:
        for _ in range(MAX_REDIRECTS + 1):
            with _errors_of(address, timeout), _open(client, address, allow_private) as response:
                if response.status_code in _REDIRECTS and "location" in response.headers:
                    address = normalise_url(urljoin(address, response.headers["location"]))
                    continue
                _check_status(response.status_code, address)
                content_type = response.headers.get("content-type", "")
                limit = max_bytes if isinstance(max_bytes, int) else max_bytes(content_type, address)
                return Page(_body(response, address, limit), content_type, address)
    raise UnreadableSource(f"{url} redirects more than {MAX_REDIRECTS} times.", "Check the address.", source=url)


@contextmanager
def _open(client: httpx.Client, url: str, allow_private: bool) -> Iterator[httpx.Response]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    checked = _resolve(host, parts.port or (443 if parts.scheme == "https" else 80), url, allow_private)
    literal = f"[{checked}]" if ":" in checked else checked
    netloc = f"{literal}:{parts.port}" if parts.port else literal
    request = client.build_request(
        "GET",
        urlunsplit((parts.scheme, netloc, parts.path, parts.query, "")),
        headers={
            "Host": parts.netloc,
            "Accept": "text/html,application/xhtml+xml,application/pdf,text/plain,text/markdown;q=0.9,*/*;q=0.1",
        },
        extensions={"sni_hostname": host},  # the certificate is checked against the name, not the address
    )
    response = client.send(request, stream=True)
    try:
        yield response
    finally:
        response.close()


def _resolve(host: str, port: int, url: str, allow_private: bool) -> str:
    """An address of `host`. Raises UnsupportedSource where any of its addresses is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise SourceNotFound(
            f"The host {host} of {url} is unknown.", "Check the address and the connection.", source=url
        ) from None
    addresses = [str(entry[4][0]) for entry in found]
    if not allow_private and not all(_is_public(address) for address in addresses):
        raise UnsupportedSource(
            f"{url} leads to a private or local address.",
            "Only public pages are fetched; save it as a file.",
            source=url,
        )
    return addresses[0]


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _check_status(status: int, url: str) -> None:
    if status in (404, 410):
        raise SourceNotFound(f"{url} was not found (HTTP {status}).", "Check the address.", source=url)
    if status in (401, 402, 403, 451):
        raise UnreadableSource(
            f"{url} may not be read (HTTP {status}).", "Save the page as a file instead.", source=url
        )
    if status != 200:
        raise UnreadableSource(f"{url} answered with HTTP {status}.", "Try again later.", source=url)


def _body(response: httpx.Response, url: str, max_bytes: int) -> bytes:
    stated = response.headers.get("content-length", "")
    too_large = SourceTooLarge(f"{url} is larger than {max_bytes:,} bytes.", "Give a smaller page.", source=url)
    if stated.isdigit() and int(stated) > max_bytes:
        raise too_large
    data = bytearray()
    for chunk in response.iter_bytes(65_536):
        data += chunk
        if len(data) > max_bytes:
            raise too_large
    return bytes(data)


@contextmanager
def _errors_of(url: str, timeout: float) -> Iterator[None]:
    import httpx

    try:
        yield
    except SourceError:
        raise
    except httpx.TimeoutException:
        raise UnreadableSource(f"{url} did not answer within {timeout:g} s.", "Try again later.", source=url) from None
    except httpx.HTTPError as error:
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, ssl.SSLError):
            cause = cause.__cause__ or cause.__context__
        if cause is not None or "CERTIFICATE" in str(error).upper():
            raise UnreadableSource(
                f"No secure connection to {url}: {error}.", "Its certificate may be invalid.", source=url
            ) from None
        detail = str(error) or type(error).__name__
        raise UnreadableSource(f"{url} could not be fetched: {detail}.", "Check the connection.", source=url) from None
    except (httpx.InvalidURL, OSError) as error:
        raise UnreadableSource(f"{url} could not be fetched: {error}.", "Check the address.", source=url) from None
