//! Pages of 2 MiB for the memory that Argon2 works in. It goes to and fro in 19 MiB, and in pages of 4 KiB the processor spends
//! a twentieth of the time on finding them. Linux gives such pages to whoever asks ("transparent huge pages"), and glibc asks
//! if its environment says so when the program starts; later a program could not without `unsafe`.

use std::env;
use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Where glibc reads how its allocator is to be (glibc manual, "Tunables").
const TUNABLES: &str = "GLIBC_TUNABLES";
const ASK: &str = "glibc.malloc.hugetlb=1";

/// Starts a server anew, in its own place, with the word in its environment; it takes two milliseconds. Nothing happens for other
/// commands, where Linux gives such pages to nobody or unasked, where the operator has set tunables, and when it fails.
pub fn start_with_them() {
    let mut arguments = env::args_os();
    let name = arguments.next();
    // Settings may stand before the command. Before clap, which takes as long as all of this.
    let is_server = env::args_os().any(|argument| argument == "serve");
    if !is_server || env::var_os(TUNABLES).is_some() || !are_given_to_who_asks() {
        return;
    }
    // By its path, from which the process has its name.
    let Ok(program) = env::current_exe() else { return };
    let name = name.as_deref().unwrap_or(OsStr::new("rekey"));
    let _went_wrong = Command::new(program).arg0(name).args(arguments).env(TUNABLES, ASK).exec();
}

fn are_given_to_who_asks() -> bool {
    let said = std::fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled");
    cfg!(target_env = "gnu") && said.is_ok_and(|said| said.contains("[madvise]"))
}
