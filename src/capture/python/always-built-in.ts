/**
 * Modules that CPython answers before it looks at `sys.path`: compiled in on every platform, or
 * loaded by its own start, so that a local file of the same name never takes their place.
 */
export const ALWAYS_BUILT_IN: ReadonlySet<string> = new Set(
  `__main__ _abc _ast _codecs _collections _collections_abc _frozen_importlib
  _frozen_importlib_external _functools _imp _io _locale _operator _signal _sitebuiltins _sre _stat
  _string _suggestions _symtable _sysconfig _thread _tokenize _tracemalloc _typing _warnings _weakref
  abc atexit builtins codecs errno faulthandler gc genericpath io itertools marshal nt ntpath os
  posix posixpath pwd site stat sys time zipimport`
    .trim()
    .split(/\s+/)
);

/**
 * Modules of the standard library that some builds compile in and others keep as files; and those
 * of other platforms. Looked for on `sys.path` first; never missing.
 */
export const SOMETIMES_BUILT_IN: ReadonlySet<string> = new Set(
  `_asyncio _bisect _blake2 _bz2 _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr
  _codecs_tw _contextvars _crypt _csv _ctypes _curses _curses_panel _datetime _dbm _decimal
  _elementtree _gdbm _hashlib _heapq _interpchannels _interpqueues _interpreters _json _lsprof _lzma
  _md5 _multibytecodec _multiprocessing _opcode _overlapped _pickle _posixshmem _posixsubprocess
  _queue _random _scproxy _sha1 _sha2 _sha256 _sha3 _sha512 _socket _sqlite3 _ssl _statistics
  _struct _tkinter _uuid _winapi _xxsubinterpreters _zoneinfo array audioop binascii cmath fcntl grp
  math mmap msvcrt nis ossaudiodev pyexpat readline resource select spwd syslog termios unicodedata
  winreg winsound xxsubtype zlib`
    .trim()
    .split(/\s+/)
);
