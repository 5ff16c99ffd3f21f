"""A server that has the page's half of Sluice, but not the server's."""

import os

from jupyterlab.galata import configure_jupyter_server

config = get_config()  # type: ignore[name-defined]  # noqa: F821
configure_jupyter_server(config)
config.ServerApp.port = int(os.environ["SLUICE_UI_PORT"])
config.ServerApp.allow_root = True
config.ServerApp.jpserver_extensions = {"sluice": False}
