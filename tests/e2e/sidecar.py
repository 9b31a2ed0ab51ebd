# SPDX-License-Identifier: Apache-2.0
"""The application beside the proxy, and its callers, for sidecar.sh.

    sidecar.py ports N RUN                N free ports of 127.0.0.1, and the first of RUN more in a row
    sidecar.py silence ADDRESS            a name server that takes questions and never answers
    sidecar.py app PORT                   answers `app`; /slow?N after N tenths of a second
    sidecar.py load PORT CA WORKERS FILE  requests to https://localhost:PORT without a pause, each
                                          on a connection of its own, until FILE is there or nobody
                                          listens any more; prints how many were answered and lost

A request is lost when it was sent and not answered whole. Whom nobody accepts
has sent nothing.
"""
import http.server
import os
import random
import socket
import ssl
import sys
import threading
import time


def take(port=0):
    one = socket.socket()
    one.bind(("127.0.0.1", port))
    return one


def in_a_row(run):
    while True:
        first = random.randrange(20000, 30000)
        try:
            return first, [take(first + i) for i in range(run)]
        except OSError:
            continue


def ports(count, run):
    first, _taken = in_a_row(int(run))
    sockets = [take() for _ in range(int(count))]
    print(*[one.getsockname()[1] for one in sockets], first)


def silence(address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind((address, 53))
        while True:
            one.recv(512)


class App(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if "?" in self.path:
            time.sleep(int(self.path.split("?")[1]) / 10)
        body = b"app\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, *_):
        """Callers that go away are part of the test."""


def ask(port, context):
    """True: answered; False: lost; None: nobody there."""
    try:
        raw = socket.create_connection(("127.0.0.1", port), 20)
        connection = context.wrap_socket(raw, server_hostname="localhost")
    except (ConnectionError, ssl.SSLError, OSError):
        return None
    try:
        with connection:
            connection.settimeout(20)
            connection.sendall(b"GET /slow?3 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            answer = b""
            while not answer.endswith(b"app\n"):
                piece = connection.recv(4096)
                if not piece:
                    return False
                answer += piece
            return answer.startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def load(port, ca, workers, until):
    context = ssl.create_default_context(cafile=ca)
    results, lock = [], threading.Lock()

    def work():
        while not os.path.exists(until):
            result = ask(int(port), context)
            if result is None:
                return
            with lock:
                results.append(result)

    threads = [threading.Thread(target=work) for _ in range(int(workers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(results.count(True), results.count(False))


if __name__ == "__main__":
    if sys.argv[1] == "ports":
        ports(*sys.argv[2:])
    elif sys.argv[1] == "silence":
        silence(sys.argv[2])
    elif sys.argv[1] == "app":
        Server(("127.0.0.1", int(sys.argv[2])), App).serve_forever()
    else:
        load(*sys.argv[2:])
