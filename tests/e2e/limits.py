# SPDX-License-Identifier: Apache-2.0
"""Clients that exceed one limit each. limits.sh starts a server with small limits and calls

    limits.py HOST:PORT CA REVIEW NAME     prints what happened, or why it is not what should

While a test runs, a good client asks on: what the others do must not be its loss."""
import json
import socket
import ssl
import sys
import threading
import time

address, ca, review_path, name = sys.argv[1:5]
host, port = address.rsplit(":", 1)
port = int(port)
with open(review_path, "rb") as f:
    review = f.read()
context = ssl.create_default_context(cafile=ca)


class Failed(Exception):
    pass


def tcp(source="127.0.0.1"):
    return socket.create_connection((host, port), timeout=30, source_address=(source, 0))


def tls(source="127.0.0.1"):
    return context.wrap_socket(tcp(source), server_hostname="localhost")


def head(length, more=""):
    return (f"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{more}"
            f"Content-Length: {length}\r\n\r\n").encode()


def read_response(s, rest=b""):
    """(status, head, body, what came behind it)"""
    while b"\r\n\r\n" not in rest:
        piece = s.recv(65536)
        if not piece:
            raise Failed(f"the connection ended after {rest[:200]!r}")
        rest += piece
    top, _, rest = rest.partition(b"\r\n\r\n")
    length = next((int(l.split(b":")[1]) for l in top.split(b"\r\n") if l.lower().startswith(b"content-length:")), 0)
    while len(rest) < length:
        piece = s.recv(65536)
        if not piece:
            raise Failed("the connection ended in a body")
        rest += piece
    return int(top.split()[1]), top, rest[:length], rest[length:]


def ask(s, body=review):
    s.sendall(head(len(body)) + body)
    return read_response(s)


def ends(s, within):
    """How long until the server ends the connection; what it said is in the result."""
    s.settimeout(within)
    start, said = time.monotonic(), b""
    try:
        while True:
            piece = s.recv(65536)
            if not piece:
                break
            said += piece
    except (ConnectionError, ssl.SSLError) as e:
        if isinstance(e, ssl.SSLError) and "timed out" in str(e):
            raise Failed(f"still open after {within} s") from e
    except TimeoutError as e:
        raise Failed(f"still open after {within} s") from e
    return time.monotonic() - start, said


class Good(threading.Thread):
    """Asks all the time, on one connection as long as it may."""

    def __init__(self):
        super().__init__(daemon=True)
        self.over, self.count, self.problem, self.longest = threading.Event(), 0, None, 0.0

    @staticmethod
    def connect():
        """Where all places are taken by who is busy or has just come, it has to come again, as any client."""
        for _ in range(50):
            try:
                return tls("127.0.0.9")
            except (ConnectionError, ssl.SSLError):
                if name not in ("connections", "room"):
                    raise
                time.sleep(0.2)
        raise Failed("no place in 10 s")

    def run(self):
        try:
            s = None
            while not self.over.is_set():
                start = time.monotonic()
                s = s or self.connect()
                status, top, body, _ = ask(s)
                self.longest = max(self.longest, time.monotonic() - start)
                if status != 200 or "uid" not in json.loads(body)["response"]:
                    raise Failed(f"{status} {body[:200]!r}")
                if b"Connection: close" in top:
                    s = None
                self.count += 1
                time.sleep(0.005)
        except Exception as e:  # pylint: disable=broad-except
            self.problem = e

    def judge(self):
        self.over.set()
        self.join(30)
        if self.problem:
            raise Failed(f"the good client, after {self.count} answers: {self.problem!r}")
        if not self.count:
            raise Failed("the good client got no answer")
        return f"the good client got {self.count} answers"


def handshake():
    s = tcp()
    took, said = ends(s, 8)
    if took < 0.5 or said:
        raise Failed(f"ended after {took:.1f} s with {said!r}")
    half = tcp()
    half.sendall(b"\x16\x03\x01\x02\x00\x01")
    took, _ = ends(half, 8)
    return "no handshake, half a handshake: ended in time"


def header():
    s = tls()
    s.sendall(b"POST /validate HT")
    took, said = ends(s, 8)
    if took < 0.5 or b" 408 " not in said:
        raise Failed(f"ended after {took:.1f} s with {said!r}")
    drip = tls()
    start = time.monotonic()
    try:
        while time.monotonic() - start < 8:
            drip.sendall(b"P")
            time.sleep(0.2)
        raise Failed("a byte now and then keeps a connection open")
    except (ConnectionError, ssl.SSLError):
        return "half a header, a byte now and then: 408"


def body():
    s = tls()
    s.sendall(head(1000) + b"{")
    took, said = ends(s, 8)
    if took < 0.5 or b" 408 " not in said:
        raise Failed(f"ended after {took:.1f} s with {said!r}")
    return "half a body: 408"


def idle():
    s = tls()
    if ask(s)[0] != 200:
        raise Failed("no answer")
    took, said = ends(s, 8)
    if took < 0.5 or said:
        raise Failed(f"ended after {took:.1f} s with {said!r}")
    return "an idle connection: ended in time"


def answer():
    """Never reads: the answers fill what buffers there are, and no more."""
    s = tcp()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    s = context.wrap_socket(s, server_hostname="localhost")
    s.settimeout(12)
    try:
        start = time.monotonic()
        while time.monotonic() - start < 15:
            s.sendall(head(len(review)) + review)
        raise Failed("requests are taken from who reads no answer")
    except TimeoutError as e:
        raise Failed("who reads no answer is still connected") from e
    except (ConnectionError, ssl.SSLError):
        return "who reads no answer: ended"


def connections():
    held = [tls(f"127.0.1.{i % 8 + 1}") for i in range(24)]
    for s in held:
        s.sendall(b"P")  # not idle: nobody can be sent away for another
    refused = 0
    for i in range(24):
        try:
            s = tls(f"127.0.2.{i + 1}")
            s.sendall(b"P")
            held.append(s)
        except (ConnectionError, ssl.SSLError, TimeoutError):
            refused += 1
    if refused < 8:
        raise Failed(f"only {refused} of 24 too many were refused")
    return f"{refused} connections over the limit: refused"


def address_limit():
    held = []
    refused = 0
    for _ in range(12):
        try:
            s = tls("127.0.3.1")
            s.sendall(b"P")
            held.append(s)
        except (ConnectionError, ssl.SSLError, TimeoutError):
            refused += 1
    if refused < 3 or len(held) > 8:
        raise Failed(f"{len(held)} of one address came in, {refused} did not")
    return "one address over its limit: refused, the others are not"


def room():
    """All places taken by who only sits there: the oldest go."""
    held = [tls(f"127.0.4.{i % 8 + 1}") for i in range(31)]
    time.sleep(1.5)
    for i in range(4):
        s = tls(f"127.0.5.{i + 1}")
        if ask(s)[0] != 200:
            raise Failed("no answer")
        held.append(s)
    return "idle connections make room for another"


def address_room():
    """All places of one address taken by who only sits there: the oldest goes, and nobody else's."""
    others = [tls(f"127.0.7.{i + 1}") for i in range(8)]
    held = [tls("127.0.6.1") for _ in range(8)]
    time.sleep(1.5)
    for _ in range(10):  # a worker that has none of them itself sends nobody away
        try:
            s = tls("127.0.6.1")
            break
        except (ConnectionError, ssl.SSLError):
            continue
    else:
        raise Failed("no place for another of the same address")
    if any(ask(one)[0] != 200 for one in (s, *others)):
        raise Failed("no answer")
    gone = 0
    for one in held:
        one.settimeout(0.2)
        try:
            gone += one.recv(1) == b""
        except ConnectionError:
            gone += 1
        except TimeoutError:
            pass
    if gone != 1:
        raise Failed(f"{gone} of its connections were ended for it")
    return "an idle connection makes room for another of its address"


def requests():
    s = tls()
    rest = b""
    for i in range(1, 6):
        s.sendall(head(len(review)) + review)
        status, top, _, rest = read_response(s, rest)
        if status != 200 or (b"Connection: close" in top) != (i == 5):
            raise Failed(f"request {i}: {status} {top!r}")
    ends(s, 8)
    return "the last request of a connection is its last"


def field():
    s = tls()
    s.sendall(head(len(review), "X-Filler: " + "x" * 5000 + "\r\n") + review)
    status, top, _, _ = read_response(s)
    if status != 431:
        raise Failed(f"{status} {top!r}")
    return "a header that is too large: 431"


def arena():
    pod = json.loads(review)
    pod["request"]["object"]["metadata"]["annotations"] = {f"a{i}": "" for i in range(200000)}
    text = json.dumps(pod, separators=(",", ":")).encode()
    status, _, answered, _ = ask(tls(), text)
    response = json.loads(answered)["response"]
    if status != 200 or response["allowed"] or response["status"]["code"] != 413:
        raise Failed(f"{status} {answered[:300]!r}")
    return "a review that takes more memory than it may: denied"


def inflight():
    """Announce much, send little: bodies are paid for as they arrive."""
    held = []
    for i in range(20):
        s = tls(f"127.0.6.{i % 10 + 1}")
        s.sendall(head(4 << 20) + b"{")
        held.append(s)
    time.sleep(1)
    for _ in range(20):
        start = time.monotonic()
        with tls("127.0.7.1") as s:
            if ask(s)[0] != 200 or time.monotonic() - start > 5:
                raise Failed(f"a small review waits {time.monotonic() - start:.1f} s beside bodies that do not come")
    return "bodies that are announced and do not come: small reviews pass them"


def queue():
    """More large bodies than fit at once: each is answered, 200 or 503 with Retry-After."""
    large = review.rstrip() + b" " * ((3 << 20) - len(review))
    results = []

    def one(i):
        try:
            status, top, _, _ = ask(tls(f"127.0.8.{i % 10 + 1}"), large)
            results.append(status if status == 200 or b"Retry-After: 1" in top else top)
        except Exception as e:  # pylint: disable=broad-except
            results.append(repr(e))

    threads = [threading.Thread(target=one, args=(i,)) for i in range(16)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(60)
    if len(results) != 16 or any(r not in (200, 503) for r in results) or 200 not in results:
        raise Failed(f"{results}")
    return f"16 large bodies at once: {results.count(200)} answered, {results.count(503)} told to come back"


def pipeline():
    s = tls()
    s.sendall((head(len(review)) + review) * 4)
    rest = b""
    for i in range(4):
        status, _, _, rest = read_response(s, rest)
        if status != 200:
            raise Failed(f"answer {i}: {status}")
    return "four requests sent at once: four answers, in order"


def garbage():
    for bytes_ in (b"GET / HTTP/1.0\r\n\r\n", b"\x00" * 300, b"\x16\x03\x01\xff\xff" + b"\x00" * 70000, b"SSH-2.0-x\r\n"):
        s = tcp()
        try:
            s.sendall(bytes_)
        except ConnectionError:
            continue
        ends(s, 8)
    return "bytes that are no TLS: ended"


TESTS = {f.__name__.replace("_", "-"): f for f in (
    handshake, header, body, idle, connections, address_limit, room, address_room, requests, field, arena, inflight,
    queue, pipeline, garbage, answer)}

if name == "names":
    print("\n".join(n for n in TESTS if n != "answer"))
    sys.exit(0)
good = Good()
good.start()
try:
    what = TESTS[name]()
    beside = good.judge()
except Failed as e:
    sys.exit(f"{name}: {e}")
print(f"{what}; {beside}")
