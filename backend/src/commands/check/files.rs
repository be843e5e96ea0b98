use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rekey_shared::secret::Secret;

use super::report::Report;
use crate::config::{Config, PublicUrl};
use crate::login::signing_keys;
use crate::password_reset::reset_link;
use crate::web::spa::Spa;

/// As long as a token is, and none.
const SAMPLE_TOKEN: &str = "SAMPLE-SAMPLE-SAMPLE-TOK";

/// The page, and its compressed form. Without the folder Rekey serves the API alone, which may be meant so.
pub(super) fn frontend(folder: &Path, report: &mut Report) {
    let shown = folder.display();
    match Spa::load(folder) {
        Ok(spa) if spa.has_brotli() => report.good("frontend", format!("index.html and index.html.br in {shown}")),
        Ok(_) => report.warned(
            "frontend",
            format!("{shown} has no index.html.br, the page is sent uncompressed — build it with `make build`"),
        ),
        Err(error) if error.kind() == ErrorKind::NotFound && !folder.exists() => report.warned(
            "frontend",
            format!(
                "{shown} does not exist, only the API is served — build it with `make build`, or set REKEY_FRONTEND_DIR"
            ),
        ),
        Err(error) => report.bad(
            "frontend",
            format!(
                "cannot read index.html in {shown}: {error} — build it with `make build`, or set REKEY_FRONTEND_DIR"
            ),
        ),
    }
}

/// Whoever has the keys is everybody.
pub(super) fn signing_keys(file: &Path, report: &mut Report) {
    const NAME: &str = "signing keys";
    let shown = file.display();
    let mode = match std::fs::metadata(file) {
        Ok(metadata) => metadata.permissions().mode() & 0o777,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return report.good(NAME, format!("{shown} does not exist yet, the first `rekey serve` makes it"));
        }
        Err(error) => {
            return report.bad(NAME, format!("{shown}: {error} — give the folder to the user who runs Rekey"));
        }
    };
    if mode & 0o077 != 0 {
        return report.bad(NAME, format!("others can read {shown} (mode {mode:04o}) — run `chmod 600 {shown}`"));
    }
    match signing_keys::count(file) {
        Ok(keys) => report.good(NAME, format!("{shown}, keys: {keys}")),
        Err(error) => report.bad(
            NAME,
            format!(
                "{error} — give it to the user who runs Rekey or, if it is spoilt, move it away: everybody logs in anew"
            ),
        ),
    }
}

/// A link as it would stand in a letter, for the operator to look at.
pub(super) fn public_url(url: &PublicUrl, report: &mut Report) {
    const NAME: &str = "public url";
    let sample = reset_link::url(url, &Secret::from(SAMPLE_TOKEN.to_owned()));
    if url.is_https() || url.is_loopback() {
        return report.good(NAME, format!("a link in a letter: {sample}"));
    }
    report.warned(
        NAME,
        format!(
            "a link in a letter: {sample}, and passwords go unencrypted — put TLS in front and write https:// in \
             REKEY_PUBLIC_URL"
        ),
    );
}

/// What the DNS must have; whether it does is another server's to say. Settings that cannot be used have been told by then.
pub(super) fn dkim(config: &Config, report: &mut Report) {
    const NAME: &str = "dkim";
    let Some(dkim) = &config.dkim else { return };
    let shown = dkim.file().display();
    let mode = std::fs::metadata(dkim.file()).map_or(0, |metadata| metadata.permissions().mode() & 0o777);
    if mode & 0o007 != 0 {
        report.warned(NAME, format!("everybody here can read {shown} (mode {mode:04o}) — run `chmod o= {shown}`"));
    }
    for record in dkim.records() {
        report.good(NAME, format!("letters are signed; the DNS must have {} TXT {}", record.name, record.quoted()));
    }
}
