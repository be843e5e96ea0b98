#!/bin/sh
# Called by trunk (Trunk.toml) once all files of a page have their hashed names. trunk builds one page and empties its folder
# first: so the other one is built from here, in a folder of its own, and laid beside it.
set -eu
[ "$(basename "$TRUNK_HTML_FILE")" = index.html ] || exit 0

beside=${CARGO_TARGET_DIR:-../target/frontend}/signed_in_page
trunk build --dist "$beside" --html-output signed_in.html signed_in.html
cp "$beside"/*.* "$TRUNK_STAGING_DIR"

# What the login page loads ahead of need: all that only the other page has.
ahead=$(cd "$beside" && printf '<link data-ahead href="/%s">' signed_in-*)
sed -i "s|<link data-ahead>|$ahead|" "$TRUNK_STAGING_DIR/index.html"
grep -q 'data-ahead href="/signed_in-[^"]*\.wasm"' "$TRUNK_STAGING_DIR/index.html"

exec sh compress.sh
