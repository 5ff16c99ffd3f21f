"""Values as bytes: typed formats first, pickles for the rest. Used in kernels and on clusters."""

from .blob_files import digest, write_aside, write_named
from .codec import VALUE_FORMATS, decode, encode, readable_formats
from .encoded import Blob, CannotDecodeError, CannotEncodeError, Encoded, References, TooLargeError
from .type_name import type_name

__all__ = [
    "VALUE_FORMATS",
    "Blob",
    "CannotDecodeError",
    "CannotEncodeError",
    "Encoded",
    "References",
    "TooLargeError",
    "decode",
    "digest",
    "encode",
    "readable_formats",
    "type_name",
    "write_aside",
    "write_named",
]
