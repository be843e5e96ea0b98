//! Letters as files, where no mail server is set: for a developer, never for others.

use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::private_folder;

/// The folder of captured letters.
#[derive(Clone)]
pub struct Capture {
    folder: PathBuf,
}

impl Capture {
    /// In the data folder.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self { folder: data_dir.join("mailbox") }
    }

    /// Writes a letter; whoever reads the folder finds it whole or not at all.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write(&self, mime: &[u8]) -> io::Result<()> {
        private_folder::create(&self.folder)?;
        let id = Uuid::now_v7();
        let unfinished = self.folder.join(format!(".{id}"));
        std::fs::write(&unfinished, mime)?;
        std::fs::rename(&unfinished, self.path(id))
    }

    /// The ids of all letters, the newest first.
    ///
    /// # Errors
    /// What the file system says.
    pub fn ids(&self) -> io::Result<Vec<Uuid>> {
        let entries = match std::fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut ids: Vec<Uuid> =
            entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".eml")?.parse().ok()).collect();
        ids.sort_unstable_by(|one, other| other.cmp(one));
        Ok(ids)
    }

    /// The source of a letter.
    ///
    /// # Errors
    /// What the file system says; `NotFound` when there is no such letter.
    pub fn read(&self, id: Uuid) -> io::Result<Vec<u8>> {
        std::fs::read(self.path(id))
    }

    fn path(&self, id: Uuid) -> PathBuf {
        self.folder.join(format!("{id}.eml"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_letter_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        let capture = Capture::new(folder.path());
        assert!(capture.ids().unwrap().is_empty());
        capture.write(b"first").unwrap();
        capture.write(b"second").unwrap();
        let ids = capture.ids().unwrap();
        assert_eq!(capture.read(ids[0]).unwrap(), b"second");
        assert_eq!(capture.read(ids[1]).unwrap(), b"first");
    }
}
