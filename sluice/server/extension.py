"""The server extension as Jupyter loads it."""

from __future__ import annotations

from pathlib import Path

from jupyter_server.extension.application import ExtensionApp
from traitlets import Unicode

from ..connection import Launcher, place_from_environment
from .events import EventsHandler
from .gateway import Gateway
from .passing import HealthHandler, PassingHandler


def shown_folder(server: object) -> str:
    """Give the absolute folder that the server shows; empty where it shows none of the disk."""
    root = getattr(getattr(server, "contents_manager", None), "root_dir", "")
    return str(Path(root).absolute()) if root else ""


class SluiceServer(ExtensionApp):
    """Serves `/sluice/…`; nothing is started before the first request."""

    name = "sluice"
    extension_url = "/sluice"
    load_other_extensions = True

    node = Unicode("", help="Path of a Node.js binary, 22.14 or newer. Empty: looked for.").tag(
        config=True
    )

    def initialize_settings(self) -> None:
        """Make the gateway that all handlers share."""
        launcher = Launcher(place_from_environment(), node=self.node)
        self.settings["sluice_gateway"] = Gateway(launcher, self.log)
        # JupyterLab and Notebook hand this on to their pages.
        page_config = self.settings.setdefault("page_config_data", {})
        page_config["sluiceShownFolder"] = shown_folder(self.serverapp)

    def initialize_handlers(self) -> None:
        """Register the routes. Every one of them asks for a user and for that user's permission."""
        self.handlers.extend(
            [
                (r"/sluice/api/events", EventsHandler),
                (r"/sluice/(api/.+)", PassingHandler),
                (r"/sluice/(health)", HealthHandler),
            ]
        )

    async def stop_extension(self) -> None:
        """Close what is open; the service goes on and leaves by itself when nobody needs it."""
        self.settings["sluice_gateway"].close()
