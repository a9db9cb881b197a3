#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The server of the network tests: answers as a folder says, and misbehaves where it is told to.

FOLDER/www/PATH is the body of PATH; the tests change it while the server runs. Beside it
FOLDER/www/PATH.answer may hold lines:

    Name: value           a header of the answer; an empty value leaves out our own
    !status 404           the status
    !first 2 503          this status for the first two requests, the rest of the file after them
    !gzip                 the body compressed
    !fault NAME           one of those below, instead of or in the middle of the answer

ETag and Last-Modified among the headers make conditional requests work. A request with an absolute
URL is answered for its path, which makes this a proxy for every http host.

FOLDER/port holds the port once the server listens, FOLDER/blackhole that of a port that drops what
connects. FOLDER/log has one line a request, written before the answer: method and target, and the
headers that tests ask about, separated by tabs; FOLDER/connections has one a TLS handshake. The
server ends when its parent does.
"""

import argparse
import gzip
import http.server
import os
import select
import socket
import ssl
import struct
import threading
import time
import urllib.parse
from pathlib import Path

LOGGED = ("Host", "Accept", "Accept-Encoding", "Authorization", "Cookie", "If-Modified-Since",
          "If-None-Match", "Proxy-Authorization", "User-Agent", "X-Api-Key")
PAUSE = 0.1  # between the bytes of slow answers


def read_answer(path):
    """Returns the headers and directives of the file beside a body."""
    headers, directives = [], {}
    if path.is_file():
        for line in path.read_text().splitlines():
            if line.startswith("!"):
                name, *arguments = line[1:].split()
                directives[name] = arguments
            elif line:
                name, _, value = line.partition(":")
                headers.append((name, value.strip()))
    return headers, directives


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        # Here and not in accept(), where one bad handshake would keep all others waiting.
        if isinstance(self.request, ssl.SSLSocket):
            with self.server.guard, open(self.server.folder / "connections", "a") as connections:
                connections.write("TLS\n")
            self.request.do_handshake()
        super().setup()

    def log_message(self, *arguments):
        pass

    def note_request(self):
        headers = [f"{name.lower()}: {self.headers[name]}" for name in LOGGED if name in self.headers]
        with self.server.guard, open(self.server.folder / "log", "a") as log:
            log.write("\t".join([f"{self.command} {self.path}", *headers]) + "\n")

    def do_CONNECT(self):
        self.note_request()
        self.send_error(501)

    def do_GET(self):
        self.note_request()
        self.close_connection = True
        target = urllib.parse.urlsplit(self.path)
        path = self.server.folder / "www" / target.path.lstrip("/")
        headers, directives = read_answer(path.with_name(path.name + ".answer"))
        if "first" in directives and self.server.count(path) <= int(directives["first"][0]):
            directives = {"status": [directives["first"][1]]}
        fault = directives.get("fault", [None])[0]
        if fault in EARLY:
            return EARLY[fault](self)
        status = int(directives.get("status", [200 if path.is_file() else 404])[0])
        body = path.read_bytes() if path.is_file() else b""
        if status == 200 and self.is_unchanged(dict(headers)):
            status, body = 304, b""
        if "gzip" in directives:
            body = gzip.compress(body)
            headers.append(("Content-Encoding", "gzip"))
        self.answer(status, headers, body, LATE.get(fault))

    def is_unchanged(self, headers):
        return any(theirs in headers and self.headers.get(ours) == headers[theirs]
                   for ours, theirs in (("If-None-Match", "ETag"),
                                        ("If-Modified-Since", "Last-Modified")))

    def answer(self, status, headers, body, fault):
        self.send_response_only(status)
        named = {name.lower() for name, _ in headers}
        own = [("Date", self.date_time_string()), ("Connection", "close")]
        if status not in (204, 304):
            own += [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        for name, value in [entry for entry in own if entry[0].lower() not in named] + headers:
            if value:
                self.send_header(name, value)
        self.end_headers()
        if fault:
            fault(self, body)
        elif status not in (204, 304):
            self.wfile.write(body)

    def drip(self, octets):
        """Sends byte by byte until the client has had enough."""
        for octet in octets:
            self.wfile.write(bytes([octet]))
            if self.is_gone(PAUSE):
                return

    def is_gone(self, seconds):
        """Whether the client hangs up within this time; it has no more to say."""
        readable, _, _ = select.select([self.connection], [], [], seconds)
        return bool(readable)

    def reset(self):
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # The files over the socket would keep it open, and its orderly end would come first.
        socket.close(self.connection.detach())


def no_answer(handler):
    handler.is_gone(15)


def slow_headers(handler):
    handler.drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 600)


def endless_headers(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for _ in range(4096):
        handler.wfile.write(b"X-More: " + b"x" * 1000 + b"\r\n")


def garbage(handler):
    handler.wfile.write(b"\x16\x03\x01 this is no HTTP at all\r\n\r\n")


def hang_up(handler):
    pass


def slow_body(handler, body):
    handler.drip(body + b" " * 600)


def truncated(handler, body):
    handler.wfile.write(body[:len(body) // 2])


def reset_in_body(handler, body):
    truncated(handler, body)
    # What was sent before must arrive first, else this is a reset of the connection.
    time.sleep(PAUSE)
    handler.reset()


def endless_body(handler, body):
    handler.wfile.write(body)
    for _ in range(1024):
        handler.wfile.write(b" " * 65536)


def bomb(handler, body):
    """64 MiB of spaces in front of the body, in 64 KiB."""
    handler.wfile.write(gzip.compress(b" " * (64 * 1024 * 1024) + body, 9))


EARLY = {"no-answer": no_answer, "slow-headers": slow_headers, "endless-headers": endless_headers,
         "garbage": garbage, "hang-up": hang_up, "reset": Handler.reset}
LATE = {"slow-body": slow_body, "truncated": truncated, "reset-in-body": reset_in_body,
        "endless-body": endless_body, "bomb": bomb}


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, folder, address):
        super().__init__((address, 0), Handler)
        self.folder = folder
        self.guard = threading.Lock()
        self.counts = {}

    def count(self, path):
        """How often a path was asked for since its answer was last written."""
        version = path.with_name(path.name + ".answer").stat().st_mtime_ns
        with self.guard:
            self.counts[path, version] = self.counts.get((path, version), 0) + 1
            return self.counts[path, version]

    def handle_error(self, request, client_address):
        pass  # a client that hangs up is what most tests are about


def tls_context(options):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if options.tls:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = ssl.TLSVersion[options.tls]
    if options.client_ca:
        context.load_verify_locations(options.client_ca)
        context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(options.certificate, options.key)
    return context


def open_blackhole():
    """A port whose queue is full, so that Linux drops every further SYN."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    fillers = [socket.socket() for _ in range(4)]
    for filler in fillers:
        filler.setblocking(False)
        filler.connect_ex(listener.getsockname())
    return listener, fillers


def publish(path, text):
    temporary = path.with_name(path.name + ".new")
    temporary.write_text(f"{text}\n")
    temporary.rename(path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--certificate", help="speak TLS with this chain")
    parser.add_argument("--key")
    parser.add_argument("--tls", choices=("TLSv1", "TLSv1_1", "TLSv1_2", "TLSv1_3"),
                        help="speak this version alone")
    parser.add_argument("--client-ca", help="insist on a certificate of these")
    options = parser.parse_args()
    parent = os.getppid()

    server = Server(options.folder, options.address)
    if options.certificate:
        server.socket = tls_context(options).wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False)
    blackhole = open_blackhole()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    publish(options.folder / "blackhole", blackhole[0].getsockname()[1])
    publish(options.folder / "port", server.server_address[1])
    while os.getppid() == parent:
        time.sleep(0.5)


if __name__ == "__main__":
    main()
