//! A process of Rekey that runs, and what the system tells of it.

use std::process::{Child, Command};

/// A server process; killed when dropped.
pub struct Running(pub(super) Child);

impl Running {
    /// Waits for it to end well.
    pub async fn ends_well(&mut self) {
        let status = super::eventually("the end of a process", async || self.0.try_wait().unwrap()).await;
        assert!(status.success(), "{status}");
    }

    /// A line of `/proc/PID/status` in bytes: `VmRSS` is the memory it has now, `VmHWM` the most it had.
    pub fn memory(&self, line: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        let found = status.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':'));
        found.and_then(|text| text.trim().strip_suffix(" kB")?.parse::<u64>().ok()).expect("a line in kB") * 1024
    }

    /// What it finds in its environment under a name.
    pub fn environment(&self, name: &str) -> Option<String> {
        let all = std::fs::read_to_string(format!("/proc/{}/environ", self.0.id())).unwrap();
        all.split('\0').find_map(|one| Some(one.strip_prefix(name)?.strip_prefix('=')?.to_owned()))
    }

    /// How much of its memory is in pages of 2 MiB, in bytes.
    pub fn huge_pages(&self) -> u64 {
        let all = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", self.0.id())).unwrap();
        let found = all.lines().find_map(|line| line.strip_prefix("AnonHugePages:")?.trim().strip_suffix(" kB"));
        found.and_then(|number| number.parse::<u64>().ok()).expect("a number of kB") * 1024
    }

    /// The name of each of its threads, and how nice it is.
    pub fn threads(&self) -> Vec<(String, i32)> {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.0.id())).unwrap();
        let stats = tasks.map(|task| std::fs::read_to_string(task.unwrap().path().join("stat")).unwrap());
        let read = |stat: String| {
            let (name, rest) = stat.split_once('(')?.1.rsplit_once(')')?;
            Some((name.to_owned(), rest.split_whitespace().nth(16)?.parse().ok()?))
        };
        stats.filter_map(read).collect()
    }

    /// How many files it has open, sockets among them.
    pub fn open_files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.0.id())).unwrap().count()
    }

    /// How many clients are connected to this port of its.
    pub fn connections(&self, port: u16) -> usize {
        let table = std::fs::read_to_string(format!("/proc/{}/net/tcp", self.0.id())).unwrap();
        let address = format!("0100007F:{port:04X}");
        // Its own end in the state ESTABLISHED or CLOSE_WAIT.
        let is_connected = |line: &&str| {
            let columns: Vec<_> = line.split_whitespace().collect();
            columns.get(1) == Some(&address.as_str()) && matches!(columns.get(3), Some(&("01" | "08")))
        };
        table.lines().filter(is_connected).count()
    }

    /// Lets no file of its grow beyond so many bytes, as if the disk were full.
    pub fn may_write_files_of(&self, bytes: &str) {
        let pid = self.0.id().to_string();
        let limited = Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={bytes}:unlimited")]).status();
        assert!(limited.unwrap().success());
    }

    pub fn is_dead(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }

    pub async fn dies(&mut self) {
        super::eventually("the server's death at its fault point", async || self.is_dead().then_some(())).await;
    }

    /// kill -9, and nothing of it is left.
    pub fn is_killed(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// Asks it to stop, as a supervisor does, and waits for its exit code.
    pub async fn is_told_to_stop(&mut self) -> Option<i32> {
        self.tell_to_stop();
        self.ends().await
    }

    /// Asks it to stop.
    pub fn tell_to_stop(&self) {
        let told = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status().unwrap();
        assert!(told.success());
    }

    /// Waits for its exit code.
    pub async fn ends(&mut self) -> Option<i32> {
        super::eventually("the end of the process", async || self.0.try_wait().unwrap()).await.code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
