# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain HTTP requests to a Docker engine's Unix socket, for the lab and the end-to-end tests."""

import http.client
import json
import socket
import urllib.parse


class EngineError(Exception):
    def __init__(self, status, text):
        super().__init__(f"{status}: {text}")
        self.status = status
        self.text = text


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout=600):
        super().__init__("engine", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def open_response(path, method, target, query=None, body=None, headers=None, timeout=600):
    """The response of one request, its body not read yet. Close it when done.

    query is a dictionary or, where a key comes twice, a list of pairs; values
    that are lists or dictionaries are sent as JSON, as the engine wants them; a body that is a dictionary is sent as JSON too. Raises
    EngineError with the engine's own words for a status of 400 and above.
    """
    if query:
        pairs = query.items() if isinstance(query, dict) else query
        query = [(k, json.dumps(v) if isinstance(v, (dict, list)) else v) for k, v in pairs]
        target += "?" + urllib.parse.urlencode(query)
    headers = dict(headers or {})
    if isinstance(body, dict):
        body = json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/json")
    elif body is not None:
        headers.setdefault("Content-Type", "application/x-tar")
    connection = UnixConnection(path, timeout)
    connection.request(method, target, body=body, headers=headers,
                       encode_chunked=not isinstance(body, (bytes, type(None))) and "Content-Length" not in headers)
    response = connection.getresponse()
    response.connection = connection  # so that it lives as long as the response
    if response.status >= 400:
        text = response.read().decode("utf-8", "replace").strip()
        connection.close()
        try:
            text = json.loads(text)["message"]
        except (ValueError, KeyError, TypeError):
            pass  # old and odd answers are plain text
        raise EngineError(response.status, text)
    return response


def request(path, method, target, **more):
    """One request; the answer's body, as JSON where it is JSON, else as bytes (None when empty)."""
    response = open_response(path, method, target, **more)
    try:
        data = response.read()
    finally:
        response.connection.close()
    if not data:
        return None
    if response.getheader("Content-Type", "").startswith("application/json"):
        try:
            return json.loads(data)
        except ValueError:
            return data  # a stream of several JSON texts
    return data
