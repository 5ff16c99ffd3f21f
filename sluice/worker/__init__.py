"""Runs a cell or a script on a cluster, where Sluice is not installed."""
