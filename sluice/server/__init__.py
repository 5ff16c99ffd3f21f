"""The Jupyter server extension: requests go on to the service, under Jupyter's protection."""
