//! A PostgreSQL server of a test's own, which can go away and come back.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::unprivileged;

/// How it is stopped.
#[derive(Clone, Copy, Debug)]
pub enum Stop {
    /// Transactions are rolled back, connections closed.
    Fast,
    /// As in a power cut; the next start recovers.
    Immediate,
}

/// Stopped at first; stopped again, and deleted, when dropped or when these tests end in whatever way.
pub struct Postgres {
    folder: PathBuf,
    /// A shell that waits for its standard input to close, which it does at the latest when this process is no more.
    keeper: Child,
}

impl Postgres {
    pub fn new() -> Self {
        const KEEPER: &str = "folder=$(mktemp -d /tmp/rekey-test-postgres.XXXXXX)
            echo $folder
            read -r _ || true
            cd $folder
            pg_ctl -D data -m immediate -w -t 60 stop >/dev/null 2>&1 || true
            cd / && rm -rf $folder";
        let mut keeper = bash(KEEPER);
        // Whoever interrupts the tests by Ctrl-C interrupts a group of processes, and this is the one that tidies up.
        let mut keeper = keeper.stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0).spawn().expect("bash");
        let mut folder = String::new();
        BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut folder).unwrap();
        let server = Self { folder: PathBuf::from(folder.trim()), keeper };
        server.runs("initdb -D data -U postgres -A trust -E UTF8 --locale=C --no-sync");
        server
    }

    pub fn start(&self) {
        self.start_with(&[]);
    }

    /// With settings as they stand in postgresql.conf.
    pub fn start_with(&self, settings: &[&str]) {
        let settings = settings.iter().fold(String::new(), |all, setting| all + " -c " + setting);
        self.runs(&format!(
            "pg_ctl -D data -l server.log -w -t 60 -o \"-k $PWD -c listen_addresses={settings}\" start"
        ));
    }

    pub fn stop(&self, how: Stop) {
        let mode = match how {
            Stop::Fast => "fast",
            Stop::Immediate => "immediate",
        };
        self.runs(&format!("pg_ctl -D data -m {mode} -w -t 60 stop"));
    }

    /// The database that every cluster has.
    pub fn url(&self) -> String {
        self.url_of("postgres", "postgres")
    }

    pub fn url_of(&self, user: &str, database: &str) -> String {
        format!("postgresql://{user}@/{database}?host={}", self.folder.display())
    }

    fn runs(&self, command: &str) {
        let script = format!("cd {} && {command} >>commands.log 2>&1", self.folder.display());
        let output = bash(&script).stdin(Stdio::null()).output().expect("bash");
        let log = || std::fs::read_to_string(self.folder.join("commands.log")).unwrap_or_default();
        assert!(output.status.success(), "{command}: {} (is Debian's package postgresql there?)", log());
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// PostgreSQL refuses to run as root; then it runs as the user that Debian's package made.
fn bash(script: &str) -> Command {
    let path = "export PATH=\"$(ls -d /usr/lib/postgresql/*/bin | tail -1):$PATH\" LC_ALL=C";
    let mut command = Command::new("bash");
    command.args(["-c", &format!("set -e; {path}; {script}")]).current_dir("/tmp");
    if let Some((user, group)) = unprivileged("postgres") {
        command.uid(user).gid(group);
    }
    command
}
