#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Key sets as an issuer and its caches serve them, for the tests of rotations.

Serves the folder that is named on the command line, and writes its port to the file `port` there.
A place NAME is asked as /NAME, with any query:

  NAME/*        replicas, one file each, that answer in turn
  NAME.stale    what caches have: the answer to whoever does not ask for more
  NAME.headers  headers, a line each
  NAME.status   another status than 200
  NAME.flaky    every second answer is 500
  NAME.date     the Date, or nothing for none
"""
import http.server
import itertools
import pathlib
import sys

root = pathlib.Path(sys.argv[1])
turns = {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        name = self.path.lstrip("/").partition("?")[0]
        replicas = sorted((root / name).glob("*")) if name.isalnum() else []
        status, body = 404, b""
        headers = []
        if replicas:
            turn = next(turns.setdefault(name, itertools.count()))
            status, body = 200, replicas[turn % len(replicas)].read_bytes()
        stale = root / f"{name}.stale"
        if stale.exists() and self.headers.get("Cache-Control") != "no-cache":
            body = stale.read_bytes()
            headers.append(("Age", "120"))
        if (root / f"{name}.status").exists():
            status = int((root / f"{name}.status").read_text())
        if (root / f"{name}.headers").exists():
            for line in (root / f"{name}.headers").read_text().splitlines():
                headers.append(tuple(line.split(": ", 1)))
        if (root / f"{name}.flaky").exists():
            if next(turns.setdefault(f"{name}.flaky", itertools.count())) % 2 == 0:
                status, body = 500, b""
        date = self.date_time_string()
        if (root / f"{name}.date").exists():
            date = (root / f"{name}.date").read_text().strip()
        with open(root / "requests", "a") as log:
            log.write(f"{self.path}\n")
        self.send_response_only(status)
        if date:
            self.send_header("Date", date)
        for header in headers:
            self.send_header(*header)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
(root / "port.new").write_text(str(server.server_port))
(root / "port.new").rename(root / "port")
server.serve_forever()
