//! Folders that nobody but the server's own user reads: password hashes, signing keys and captured letters are in them.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

/// Makes the folder and those above it, if they are not there; what is there keeps its permissions.
pub fn create(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}
