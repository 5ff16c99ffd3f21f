"""Trying a task: what did it need that does not travel, and how far did it get."""
