//! Mail servers' side of DKIM: keys as an operator makes them, and dkimpy, which verifies what they sign.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

/// A key file by the command that docs/operations.md names, with arguments such as `-algorithm ed25519`.
pub fn key(folder: &Path, name: &str, arguments: &[&str]) -> PathBuf {
    let file = folder.join(name);
    let made = Command::new("openssl").arg("genpkey").args(arguments).arg("-out").arg(&file).output();
    let made = made.expect("openssl, which `.ci/setup verifier` installs");
    assert!(made.status.success(), "{made:?}");
    file
}

/// What the DNS has when the operator publishes what `rekey check` prints.
pub fn published(check: &str) -> BTreeMap<String, String> {
    let record = |line: &str| {
        let (name, strings) = line.split_once("the DNS must have ")?.1.split_once(" TXT ")?;
        Some((name.to_owned(), strings.trim_matches('"').replace("\" \"", "")))
    };
    check.lines().filter_map(record).collect()
}

/// Which signatures of each letter verify.
pub fn verify(dns: &BTreeMap<String, String>, letters: &[Vec<u8>]) -> Vec<Vec<bool>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut verifier = Command::new(root.join("../target/verifier/bin/python3"))
        .arg(root.join("tests/dkim/verify.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("dkimpy, which `.ci/setup verifier` installs");
    let letters: Vec<_> = letters.iter().map(|letter| STANDARD.encode(letter)).collect();
    let asked = json!({ "dns": dns, "letters": letters }).to_string();
    verifier.stdin.take().unwrap().write_all(asked.as_bytes()).unwrap();
    let said = verifier.wait_with_output().unwrap();
    assert!(said.status.success(), "{said:?}");
    serde_json::from_slice(&said.stdout).unwrap()
}
