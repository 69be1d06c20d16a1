"""A local Rootly workspace: a believable company behind the real protocol, on a clock of its own.

It knows nothing of the rest of this package, and nothing but the demo and the tests imports it, so
that a client which agrees with it agrees with something written independently.
"""

from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.server.request_log import ServedRequest
from rootly_assets.sandbox.server.serving import Server, serve
from rootly_assets.sandbox.workspace import Workspace

__all__ = ["Record", "ServedRequest", "Server", "Workspace", "serve"]
