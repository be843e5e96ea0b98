//! Debian's nginx before two instances, with the very file that a site uses.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command};

use tempfile::TempDir;

use super::instances::{Door, Instance};
use super::unprivileged;

const TEMPLATE: &str = include_str!("../../../../deploy/nginx/rekey.conf.template");

/// What the distribution's own nginx.conf does, as far as it matters, in a folder of its own.
const AROUND: &str = "
    daemon off;
    worker_processes 2;
    pid nginx.pid;
    events { worker_connections 256; }
    http {
        access_log off;
        client_body_temp_path body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;
        include rekey.conf;
    }
";

/// A running nginx; stopped when dropped.
pub struct Proxy {
    pub door: Door,
    nginx: Child,
    _folder: TempDir,
}

impl Proxy {
    pub async fn before(instances: [&Instance; 2]) -> Self {
        // The port was free a moment ago. Whoever took it meanwhile makes nginx give up; then another one is tried.
        for _ in 0..5 {
            let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let folder = TempDir::new().unwrap();
            let mut nginx = start(port, instances, folder.path());
            let door = Door::new(port);
            let is_there = super::eventually("nginx, or its end", async || {
                if nginx.try_wait().unwrap().is_some() {
                    return Some(false);
                }
                let answer = door.get("/health/live").send().await.ok()?;
                (answer.status() == 200 && answer.headers()["server"] == "nginx").then_some(true)
            })
            .await;
            if is_there {
                return Self { door, nginx, _folder: folder };
            }
            let said = std::fs::read_to_string(folder.path().join("error.log")).unwrap_or_default();
            assert!(said.contains("Address already in use"), "{said}");
        }
        panic!("no port for nginx");
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // The master has to end its workers, which a kill -9 would leave.
        let _ = Command::new("kill").args(["-TERM", &self.nginx.id().to_string()]).status();
        let _ = self.nginx.wait();
    }
}

fn start(port: u16, [one, two]: [&Instance; 2], folder: &Path) -> Child {
    let address = |port: u16| format!("127.0.0.1:{port}");
    let config = TEMPLATE
        .replace("${NGINX_LISTEN}", &address(port))
        .replace("${NGINX_REKEY_1}", &address(one.door.port))
        .replace("${NGINX_REKEY_2}", &address(two.door.port));
    std::fs::write(folder.join("rekey.conf"), config).unwrap();
    nginx(folder)
}

/// nginx with the `rekey.conf` of this folder.
pub(super) fn nginx(folder: &Path) -> Child {
    std::fs::write(folder.join("nginx.conf"), AROUND).unwrap();
    // Where no service starts it, it is in a folder that not everybody's PATH names.
    let program = if Path::new("/usr/sbin/nginx").exists() { "/usr/sbin/nginx" } else { "nginx" };
    let mut command = Command::new(program);
    command.arg("-p").arg(folder).args(["-c", "nginx.conf", "-e", "error.log"]).current_dir(folder);
    if let Some((user, group)) = unprivileged("nobody") {
        std::os::unix::fs::chown(folder, Some(user), Some(group)).unwrap();
        command.uid(user).gid(group);
    }
    command.spawn().expect("nginx: is Debian's package nginx installed?")
}
