# SPDX-License-Identifier: GPL-3.0-or-later
"""The wheel index: static files, and a log line of what was asked for. Called as `index-server.py PORT FOLDER`."""

import functools
import http.server
import sys

http.server.test(
    HandlerClass=functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[2]),
    ServerClass=http.server.ThreadingHTTPServer, port=int(sys.argv[1]), bind="0.0.0.0")
