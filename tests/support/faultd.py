#!/usr/bin/env python3
"""faultd: an HTTP server that misbehaves as told, for tests of what talks to servers.

  faultd.py SCENARIO [--unix PATH] [--cert FILE --key FILE [--client-ca FILE]] [--tls12]
            [--log FILE] [--accept close|reset|silent]

Listens on a free port of 127.0.0.1, or on a unix socket, prints "ready PORT" (0 for a
socket) and serves until its standard input ends or GET /_quit comes. SCENARIO is a JSON
file, "-" for the first line of standard input, or the JSON text itself:

  {"routes": [{"method": "GET", "path": "/things", "replies": [REPLY, ...]}, ...]}

method is any when left out; a path may have * in it; the first route that fits answers, and
no route is 404. The n-th request of a route gets its n-th reply, later ones the last; "times": 3
in a reply makes it stand for three; "cycle": true in the route starts over. A REPLY:

  status, headers      200; {"Name": "value" or ["several"]}
  body | json | file | base64 | hex   what is sent; "type": its Content-Type
  list                 a generated JSON list, see below
  fill                 that many octets of "x", or of "fill_text" over and over, made as they are sent
  values               that many JSON values, one a line: {"i": 0}, ...
  echo                 true: the request as JSON: method, path, query, headers, body
  delay, body_delay    seconds before the head, before the body
  drip                 [octets, seconds]: the body in pieces; chunks of that size when chunked
  chunked              true; "bad": a chunk size that is none; "cut": without the last chunk
  length               a Content-Length that is a lie; "none": the body ends with the connection
  cut                  closes after that many octets of the body; reset: true for RST instead of FIN
  gzip                 true; "wrong": the header without the coding; "cut": half of it
  many_headers         that many more header lines; header_size: octets of each (default 20)
  interim              1xx statuses sent first: [100, 103]
  close                true: Connection: close; "before": ends before the request's body is read;
                       "after": ends once the request is read, without a reply
  never                true: reads the request and says nothing more
  raw                  true: body is the whole reply, head included
  upgrade              true: 101, then whatever arrives is sent back, until its end
  tunnel               true: for CONNECT: a way to the named host and port
  token                "name": needs the current token of that name, else 401. It is accepted in
                       any header, with or without "Bearer "
  gives_token          ["name", requests, seconds]: makes a new token of that name, which is good
                       for so many requests and so long (0: for ever); {token} in body and headers

list: {"count": 100000, "page": 1000, "key": "servers" ("": a root array), "item": {...} with {i} in its texts,
       "style": "marker" (?marker=ID; "next" in the body; default), "link" (Link header), or "none" (all at once),
       "param": "marker", "next": "next", "repeat_at": N (that page names itself as the next)}

GET /_stats: requests and connections counted so far, "paths" by "METHOD /path", "parallel": the most at
once, "tokens" made. GET /_log: each request as a line of JSON. GET /_reset forgets both.
"""
import argparse
import asyncio
import base64
import fnmatch
import gzip
import json
import os
import socket
import ssl
import struct
import sys
import time
import urllib.parse

KEEP_BODY = 65536
REASONS = {200: "OK", 201: "Created", 204: "No Content", 304: "Not Modified", 400: "Bad Request",
           401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests", 500: "Internal Server Error",
           503: "Service Unavailable"}


class Hangup(Exception):
    """The scenario ends this connection here."""


class Request:
    def __init__(self, method, target, headers):
        self.method, self.target, self.headers, self.body = method, target, headers, b""
        self.size = 0
        if method == "CONNECT":
            self.path, self.query = target, {}
            return
        parts = urllib.parse.urlsplit(target)
        self.path = parts.path or "/"
        self.query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))

    def header(self, name):
        return next((v for n, v in self.headers if n.lower() == name), None)

    def record(self):
        return {"method": self.method, "target": self.target, "path": self.path, "query": self.query,
                "headers": self.headers, "size": self.size, "body": self.body.decode("latin-1")}


class Route:
    def __init__(self, spec):
        self.method, self.path = spec.get("method"), spec["path"]
        self.replies = [r for r in spec["replies"] for _ in range(r.get("times", 1))]
        self.cycle, self.count = spec.get("cycle", False), 0

    def fits(self, request):
        if self.method not in (None, request.method):
            return False
        return self.path == request.path or ("*" in self.path and fnmatch.fnmatchcase(request.path, self.path))

    def next_reply(self):
        n, self.count = self.count, self.count + 1
        return self.replies[n % len(self.replies) if self.cycle else min(n, len(self.replies) - 1)]


class Tokens:
    """Tokens by name: at most one of a name is good at a time."""

    def __init__(self):
        self.current, self.made = {}, {}

    def make(self, name, uses, seconds):
        self.made[name] = self.made.get(name, 0) + 1
        text = f"{name}-token-{self.made[name]}"
        self.current[name] = {"text": text, "left": uses or -1, "until": time.monotonic() + (seconds or 1e9)}
        return text

    def accept(self, name, request):
        token = self.current.get(name)
        if not token or token["left"] == 0 or time.monotonic() > token["until"]:
            return False
        if not any(v in (token["text"], "Bearer " + token["text"]) for _, v in request.headers):
            return False
        token["left"] -= 1
        return True


class Lists:
    """Generated pages; what was made once is kept."""

    def __init__(self):
        self.pages = {}

    def page(self, spec, request):
        """The body and the cursor of the next page."""
        count, style = spec["count"], spec.get("style", "marker")
        size = count if style == "none" else spec.get("page", 1000)
        param = spec.get("param", "marker")
        start = int(request.query.get(param) or 0)
        end = min(start + size, count)
        more = end if end < count else None
        if spec.get("repeat_at") is not None and start // size == spec["repeat_at"]:
            more = start
        if (id(spec), start) not in self.pages:
            self.pages[id(spec), start] = self.build(spec, start, end, more if style == "marker" else None)
        return self.pages[id(spec), start], more if style == "link" else None

    @staticmethod
    def build(spec, start, end, more):
        template = json.dumps(spec.get("item", {"id": "{i}", "name": "thing-{i}"}))
        items = "[" + ",".join(template.replace("{i}", str(i)) for i in range(start, end)) + "]"
        key = spec.get("key", "")
        if not key:
            return items.encode()
        tail = f', {json.dumps(spec.get("next", "next"))}: "{more}"' if more is not None else ""
        return f"{{{json.dumps(key)}: {items}{tail}}}".encode()


class Server:
    def __init__(self, scenario, options):
        self.routes = [Route(r) for r in scenario["routes"]]
        self.options, self.tokens, self.lists = options, Tokens(), Lists()
        self.quit = asyncio.Event()
        self.log_file = open(options.log, "w", encoding="utf-8") if options.log else None
        self.busy = self.open = 0
        self.tasks = set()
        self.reset()

    def reset(self):
        self.stats = {"requests": 0, "connections": 0, "parallel": 0, "paths": {}}
        self.log = []

    def note(self, request):
        self.stats["requests"] += 1
        key = f"{request.method} {request.path}"
        self.stats["paths"][key] = self.stats["paths"].get(key, 0) + 1
        self.log.append(request)
        if self.log_file:
            self.log_file.write(json.dumps(request.record()) + "\n")
            self.log_file.flush()

    # ---- connections -----------------------------------------------------------

    async def connection(self, reader, writer):
        self.stats["connections"] += 1
        self.open += 1
        task = asyncio.current_task()
        self.tasks.add(task)
        try:
            await self.requests(reader, writer)
        except (Hangup, ConnectionError, ssl.SSLError, asyncio.IncompleteReadError, asyncio.LimitOverrunError,
                asyncio.CancelledError):
            pass
        finally:
            self.open -= 1
            self.tasks.discard(task)
            writer.close()

    async def requests(self, reader, writer):
        if self.options.accept == "close":
            return
        if self.options.accept == "reset":
            self.hang_up({"reset": True}, writer)
        if self.options.accept == "silent":
            await self.quit.wait()
        while True:
            request = await self.read_head(reader)
            if request.path in ("/_stats", "/_log", "/_reset", "/_quit"):
                await self.control(request, writer)
            else:
                await self.counted(request, reader, writer)
            if (request.header("connection") or "").lower() == "close":
                return

    async def counted(self, request, reader, writer):
        self.busy += 1
        self.stats["parallel"] = max(self.stats["parallel"], self.busy)
        try:
            await self.answer(request, reader, writer)
        finally:
            self.busy -= 1

    @staticmethod
    async def read_head(reader):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ", 2)
        pairs = [line.split(":", 1) for line in head[1:] if ":" in line]
        return Request(method, target, [(n, v.strip()) for n, v in pairs])

    @staticmethod
    async def read_body(request, reader, writer):
        if (request.header("expect") or "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if (request.header("transfer-encoding") or "").lower() == "chunked":
            while True:
                size = int((await reader.readline()).split(b";")[0], 16)
                data = await reader.readexactly(size + 2)
                request.size += size
                request.body = (request.body + data[:-2])[:KEEP_BODY]
                if size == 0:
                    return
        left = int(request.header("content-length") or 0)
        request.size = left
        while left:
            data = await reader.read(min(left, KEEP_BODY))
            if not data:
                raise Hangup
            left -= len(data)
            request.body = (request.body + data)[:KEEP_BODY]

    async def control(self, request, writer):
        if request.path == "/_stats":
            body = json.dumps({**self.stats, "open": self.open, "tokens": self.tokens.made})
        elif request.path == "/_log":
            body = "".join(json.dumps(r.record()) + "\n" for r in self.log)
        else:
            body = "{}"
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body.encode())}\r\n\r\n{body}".encode())
        await writer.drain()
        if request.path == "/_reset":
            self.reset()
        if request.path == "/_quit":
            self.quit.set()
            raise Hangup

    @staticmethod
    def hang_up(reply, writer):
        if reply.get("reset"):
            sock = writer.get_extra_info("socket")
            if sock.family != socket.AF_UNIX:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        raise Hangup

    # ---- replies ---------------------------------------------------------------

    async def answer(self, request, reader, writer):
        route = next((r for r in self.routes if r.fits(request)), None)
        reply = route.next_reply() if route else {"status": 404, "json": {"message": "no such route"}}
        if reply.get("close") == "before":
            self.note(request)
            raise Hangup
        await self.read_body(request, reader, writer)
        self.note(request)
        if reply.get("close") == "after":
            self.hang_up(reply, writer)
        if reply.get("never"):
            await reader.read()
            raise Hangup
        if "token" in reply and not self.tokens.accept(reply["token"], request):
            reply = {"status": 401, "json": {"message": "no good token"}}
        await asyncio.sleep(reply.get("delay", 0))
        if reply.get("upgrade") or reply.get("tunnel"):
            await self.stream(request, reply, reader, writer)
        elif reply.get("raw"):
            writer.write(self.text_of(reply, request)[0])
            await writer.drain()
            raise Hangup
        else:
            await self.reply(request, reply, writer)

    def text_of(self, reply, request):
        """The body and the headers that come with it."""
        if "list" in reply:
            body, link = self.lists.page(reply["list"], request)
            param = reply["list"].get("param", "marker")
            more = {"Link": f'<{request.path}?{param}={link}>; rel="next"'} if link is not None else {}
            return body, {"Content-Type": "application/json", **more}
        if "json" in reply or reply.get("echo"):
            value = request.record() if reply.get("echo") else reply["json"]
            return json.dumps(value).encode(), {"Content-Type": "application/json"}
        if "file" in reply:
            with open(reply["file"], "rb") as f:
                return f.read(), {}
        if "base64" in reply:
            return base64.b64decode(reply["base64"]), {}
        if "hex" in reply:
            return bytes.fromhex(reply["hex"]), {}
        return reply.get("body", "").encode(), {}

    async def reply(self, request, reply, writer):
        status = reply.get("status", 200)
        endless = "fill" in reply or "values" in reply
        body, headers = (b"", {}) if endless else self.text_of(reply, request)
        headers.update(reply.get("headers", {}))
        if "type" in reply:
            headers["Content-Type"] = reply["type"]
        if "gives_token" in reply:
            token = self.tokens.make(*reply["gives_token"])
            body = body.replace(b"{token}", token.encode())
            headers = {n: v.replace("{token}", token) if isinstance(v, str) else v for n, v in headers.items()}
        if reply.get("gzip"):
            headers["Content-Encoding"] = "gzip"
            if reply["gzip"] != "wrong":
                body = gzip.compress(body)
            if reply["gzip"] == "cut":
                body = body[: len(body) // 2]
        ends = self.framing(reply, status, body, headers)
        self.head(reply, status, headers, writer)
        if request.method == "HEAD" or status in (204, 304):
            await writer.drain()
        else:
            if "body_delay" in reply:
                await writer.drain()
                await asyncio.sleep(reply["body_delay"])
            await self.body(reply, self.generated(reply) if endless else body, writer)
        if ends:
            raise Hangup

    @staticmethod
    def framing(reply, status, body, headers):
        """Adds the headers that delimit the body; True when the connection ends with it."""
        length = reply.get("length", len(body))
        if "fill" in reply and "length" not in reply:
            length = reply["fill"]
        if reply.get("chunked"):
            headers["Transfer-Encoding"] = "chunked"
        elif "values" in reply or length == "none":
            length = "none"
        elif status not in (204, 304):
            headers["Content-Length"] = str(length)
        ends = length == "none" or "close" in reply or "length" in reply or reply.get("chunked") in ("bad", "cut")
        if ends:
            headers.setdefault("Connection", "close")
        return ends

    @staticmethod
    def head(reply, status, headers, writer):
        lines = [f"HTTP/1.1 {s} Interim\r\n\r\n" for s in reply.get("interim", [])]
        lines.append(f"HTTP/1.1 {status} {reply.get('reason', REASONS.get(status, 'Status'))}\r\n")
        for name, value in headers.items():
            for one in value if isinstance(value, list) else [value]:
                lines.append(f"{name}: {one}\r\n")
        filler = "v" * reply.get("header_size", 20)
        lines.extend(f"X-Many-{i}: {filler}\r\n" for i in range(reply.get("many_headers", 0)))
        writer.write("".join(lines).encode("utf-8") + b"\r\n")

    @staticmethod
    def generated(reply):
        """Pieces of a body that is never whole in memory."""
        if "values" in reply:
            for start in range(0, reply["values"], 1000):
                yield "".join('{"i": %d}\n' % i for i in range(start, min(start + 1000, reply["values"]))).encode()
            return
        text = reply.get("fill_text", "x").encode()
        block = text * (262144 // len(text))
        left = reply["fill"]
        while left > 0:
            yield block[:left]
            left -= len(block)

    async def body(self, reply, body, writer):
        left = reply.get("cut")
        chunked, (size, pause) = reply.get("chunked"), reply.get("drip", (0, 0))
        for piece in self.pieces([body] if isinstance(body, bytes) else body, size):
            if left is not None:
                piece, left = piece[:left], left - len(piece)
            if piece:
                mark = b"zz\r\n" if chunked == "bad" else b"%x\r\n" % len(piece)
                writer.write(mark + piece + b"\r\n" if chunked else piece)
                await writer.drain()
            if left is not None and left <= 0:
                self.hang_up(reply, writer)
            if pause:
                await asyncio.sleep(pause)
        if chunked is True:
            writer.write(b"0\r\n\r\n")
        await writer.drain()

    @staticmethod
    def pieces(blocks, size):
        for block in blocks:
            if not size:
                yield block
                continue
            for start in range(0, len(block), size):
                yield block[start:start + size]

    # ---- streams ---------------------------------------------------------------

    async def stream(self, request, reply, reader, writer):
        if reply.get("upgrade"):
            protocol = request.header("upgrade") or "tcp"
            writer.write(f"HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: {protocol}\r\n\r\n".encode())
            await self.copy(reader, writer)
            raise Hangup
        host, port = request.target.rsplit(":", 1)
        far_reader, far_writer = await asyncio.open_connection(host.strip("[]"), int(port))
        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        await asyncio.gather(self.copy(reader, far_writer), self.copy(far_reader, writer))
        raise Hangup

    @staticmethod
    async def copy(reader, writer):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()


def context_of(options):
    if not options.cert:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.cert, options.key)
    if options.tls12:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    if options.client_ca:
        context.load_verify_locations(options.client_ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def scenario_of(text):
    if text == "-":
        text = sys.stdin.readline()
    if text.lstrip().startswith("{"):
        return json.loads(text)
    with open(text, encoding="utf-8") as f:
        return json.load(f)


async def main(options):
    server = Server(scenario_of(options.scenario), options)
    conf = {"ssl": context_of(options), "limit": 4 << 20}
    if options.unix:
        listener = await asyncio.start_unix_server(server.connection, options.unix, backlog=512, **conf)
        port = 0
    else:
        listener = await asyncio.start_server(server.connection, "127.0.0.1", 0, backlog=512, **conf)
        port = listener.sockets[0].getsockname()[1]
    print(f"ready {port}", flush=True)
    # Whoever started this may die without a word: then standard input ends.
    try:
        asyncio.get_running_loop().add_reader(0, lambda: None if os.read(0, 4096) else server.quit.set())
    except PermissionError:
        pass  # a file or /dev/null: never readable in this sense, so it serves until it is killed
    await server.quit.wait()
    listener.close()
    for task in list(server.tasks):
        task.cancel()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("scenario")
    for name in ("--unix", "--cert", "--key", "--client-ca", "--log"):
        parser.add_argument(name)
    parser.add_argument("--tls12", action="store_true")
    parser.add_argument("--accept", choices=("serve", "close", "reset", "silent"), default="serve")
    asyncio.run(main(parser.parse_args()))
