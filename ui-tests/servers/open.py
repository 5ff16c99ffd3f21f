"""JupyterLab and Notebook 7 as Galata wants them: no login, its helpers in the page."""

import os
from pathlib import Path

import jupyterlab
from jupyterlab.galata import configure_jupyter_server

config = get_config()  # type: ignore[name-defined]  # noqa: F821
configure_jupyter_server(config)
config.ServerApp.port = int(os.environ["SLUICE_UI_PORT"])
config.ServerApp.allow_root = True
# Notebook 7 is an application of its own; it needs the same helpers.
config.JupyterNotebookApp.expose_app_in_browser = True
config.JupyterNotebookApp.extra_labextensions_path = [
    str(Path(jupyterlab.__file__).parent / "galata")
]
