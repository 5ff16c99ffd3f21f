from sluice.tests.connection.fake import launcher, place

__all__ = ["launcher", "place"]
