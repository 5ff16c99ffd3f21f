"""Values as bytes: typed formats first, pickles for the rest. Used in kernels and on clusters."""

from .blob_files import digest, is_whole, write_named
from .codec import LEAF_FORMATS, VALUE_FORMATS, decode, encode, readable_formats
from .encoded import Blob, CannotDecodeError, CannotEncodeError, Encoded, References, TooLargeError
from .sharing import parts_of, sharing_groups
from .together import Taking, encode_together
from .type_name import type_name

__all__ = [
    "LEAF_FORMATS",
    "VALUE_FORMATS",
    "Blob",
    "CannotDecodeError",
    "CannotEncodeError",
    "Encoded",
    "References",
    "Taking",
    "TooLargeError",
    "decode",
    "digest",
    "encode",
    "encode_together",
    "is_whole",
    "parts_of",
    "readable_formats",
    "sharing_groups",
    "type_name",
    "write_named",
]
