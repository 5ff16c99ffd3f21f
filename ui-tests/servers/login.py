"""A server as a person has it: token and XSRF check on."""

import os

config = get_config()  # type: ignore[name-defined]  # noqa: F821
config.ServerApp.port = int(os.environ["SLUICE_UI_PORT"])
config.ServerApp.port_retries = 0
config.ServerApp.open_browser = False
config.ServerApp.allow_root = True
config.ServerApp.root_dir = os.environ["SLUICE_UI_ROOT"]
config.LabApp.workspaces_dir = os.environ["SLUICE_UI_ROOT"] + "-workspaces"
config.IdentityProvider.token = "token-of-the-stories"  # noqa: S105 (of a server that only tests start)
