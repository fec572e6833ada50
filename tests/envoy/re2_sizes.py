"""Sizes of programs, as google-re2 (PyPI) compiles them.

Reads a JSON list of patterns from standard input and prints a list of pairs: the instructions of each when it is read as
UTF-8 and when it is read as bytes, null where RE2 refuses it.
"""
import json
import sys

import re2


def size(pattern, encoding):
    options = re2.Options()
    options.encoding = encoding
    options.log_errors = False
    try:
        return re2.compile(pattern.encode(), options).programsize
    except re2.error:
        return None


encodings = (re2.Options.Encoding.UTF8, re2.Options.Encoding.LATIN1)
json.dump([[size(pattern, encoding) for encoding in encodings] for pattern in json.load(sys.stdin)], sys.stdout)
