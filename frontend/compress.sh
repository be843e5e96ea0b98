#!/bin/sh
# The server sends FILE.br where the browser takes it, so nothing is compressed at run time. Below 1 KB a second file is not
# worth its request.
set -eu
find "$TRUNK_STAGING_DIR" -type f -size +1k \
    \( -name '*.html' -o -name '*.js' -o -name '*.wasm' -o -name '*.css' -o -name '*.svg' \) \
    -exec brotli --quality=11 --force --keep {} +
