//! A PostgreSQL server of a test's own, which can go away and come back.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::database::unprivileged;

/// How it is stopped.
#[derive(Clone, Copy, Debug)]
pub enum Stop {
    /// Transactions are rolled back, connections closed.
    Fast,
    /// As in a power cut; the next start recovers.
    Immediate,
}

/// Stopped at first; stopped again, and deleted, when dropped.
pub struct Postgres {
    folder: PathBuf,
}

impl Postgres {
    pub fn new() -> Self {
        let folder = output_of("mktemp -d /tmp/rekey-test-postgres.XXXXXX");
        let server = Self { folder: PathBuf::from(folder.trim()) };
        server.runs("initdb -D data -U postgres -A trust -E UTF8 --locale=C --no-sync");
        server
    }

    pub fn start(&self) {
        self.runs("pg_ctl -D data -l server.log -w -t 60 -o \"-k $PWD -c listen_addresses=\" start");
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
        output_of(&format!("cd {} && {command} </dev/null >>commands.log 2>&1", self.folder.display()));
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let folder = self.folder.display();
        output_of(&format!(
            "cd {folder} && (pg_ctl -D data -m immediate stop || true) >/dev/null 2>&1; rm -rf {folder}"
        ));
    }
}

/// PostgreSQL refuses to run as root.
fn output_of(script: &str) -> String {
    let script =
        format!("set -e; export PATH=\"$(ls -d /usr/lib/postgresql/*/bin | tail -1):$PATH\" LC_ALL=C; {script}");
    let mut command = Command::new("bash");
    command.args(["-c", &script]).current_dir("/tmp").stdin(Stdio::null());
    if let Some((user, group)) = unprivileged("postgres") {
        command.uid(user).gid(group);
    }
    let output = command.output().expect("bash");
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
