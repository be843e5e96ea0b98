//! Has the addresses that the loader writes into the program at each start packed: a bit for each and not 24 bytes, which is
//! half a mebibyte less on disk and in memory. glibc reads them so from 2.36 on; a linker that cannot write them so warns and
//! goes on.

use std::env::var;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // A package with an `opt-level` of its own loses the profile's `strip` (cargo 1.95), and is three mebibytes larger.
    if var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rustc-link-arg-bin=rekey=-Wl,--strip-all");
    }
    // Nobody knows here what another machine reads.
    let is_for_here = var("HOST").is_ok_and(|host| var("TARGET").is_ok_and(|target| target == host));
    if is_for_here && glibc().is_some_and(|version| version >= (2, 36)) {
        println!("cargo::rustc-link-arg-bin=rekey=-Wl,-z,pack-relative-relocs");
    }
}

/// This system's, if it has one.
fn glibc() -> Option<(u32, u32)> {
    let said = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let (major, minor) = str::from_utf8(&said.stdout).ok()?.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
