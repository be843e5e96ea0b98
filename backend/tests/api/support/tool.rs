//! A tool that stands behind a proxy, and the two proxies, with the very files that a site uses.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::proxy;
use super::unprivileged;

/// The name that the files in `deploy/forward-auth` give the tool.
const TOOL: &str = "tool.example.com";

#[derive(Clone, Copy, Debug)]
pub enum ProxyKind {
    Nginx,
    Caddy,
}

/// A proxy in front of a tool that answers with the request it was sent. Both stop when this is dropped.
pub struct Tool {
    /// As a browser writes it.
    pub origin: String,
    client: Client,
    proxy: Child,
    _folder: TempDir,
    echo: tokio::task::JoinHandle<()>,
}

impl Tool {
    /// `rekey` is the port that the proxy asks, `host` the tool's name.
    pub async fn behind(kind: ProxyKind, rekey: u16, host: &str) -> Self {
        let (echo, echo_port) = echo().await;
        // The port was free a moment ago. Whoever took it meanwhile makes the proxy give up; then another one is tried.
        for _ in 0..5 {
            let folder = TempDir::new().unwrap();
            let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let ports = [("127.0.0.1:8080", rekey), ("127.0.0.1:3000", echo_port)];
            let mut proxy = match kind {
                ProxyKind::Nginx => nginx(folder.path(), host, port, ports),
                ProxyKind::Caddy => caddy(folder.path(), host, port, ports),
            };
            let address = ([127, 0, 0, 1], port).into();
            let client = Client::builder().timeout(super::PATIENCE).resolve(host, address).redirect(Policy::none());
            let (client, origin) = (client.build().unwrap(), format!("http://{host}:{port}"));
            let is_there = super::eventually("a proxy that answers, or its end", async || {
                if proxy.try_wait().unwrap().is_some() {
                    return Some(false);
                }
                let answer = client.get(&origin).send().await.ok()?;
                // So answers nobody else.
                (answer.status() == 401 && answer.headers().contains_key("www-authenticate")).then_some(true)
            })
            .await;
            if is_there {
                return Self { origin, client, proxy, _folder: folder, echo };
            }
            let said: String = ["error.log", "caddy.log"]
                .map(|name| std::fs::read_to_string(folder.path().join(name)))
                .into_iter()
                .flatten()
                .collect();
            assert!(said.to_lowercase().contains("address already in use"), "{kind:?}: {said}");
        }
        panic!("no port for {kind:?}");
    }

    /// A request to the tool, as a browser that asks for a page or, without the header, a program sends it.
    pub fn asks(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.origin))
    }
}

impl Drop for Tool {
    fn drop(&mut self) {
        self.echo.abort();
        // nginx's master has to end its workers, which a kill -9 would leave.
        let _ = Command::new("kill").args(["-TERM", &self.proxy.id().to_string()]).status();
        let _ = self.proxy.wait();
    }
}

/// A file of `deploy/forward-auth` for these ports. What it does not name is a fault of the file.
fn adapted(text: &str, changes: &[(&str, String)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the file names no {from}");
        // The comments name them, too.
        let lines = text
            .lines()
            .map(|line| if line.trim_start().starts_with('#') { line.to_owned() } else { line.replace(from, to) });
        lines.collect::<Vec<_>>().join("\n")
    })
}

fn nginx(folder: &Path, host: &str, port: u16, ports: [(&str, u16); 2]) -> Child {
    let [rekey, tool] = ports.map(|(from, port)| (from, format!("127.0.0.1:{port}")));
    let listen = ("listen 443 ssl;", format!("listen 127.0.0.1:{port};"));
    let text = include_str!("../../../../deploy/forward-auth/nginx.conf");
    std::fs::write(folder.join("rekey.conf"), adapted(text, &[rekey, tool, (TOOL, host.to_owned()), listen])).unwrap();
    proxy::nginx(folder)
}

fn caddy(folder: &Path, host: &str, port: u16, ports: [(&str, u16); 2]) -> Child {
    let [rekey, tool] = ports.map(|(from, port)| (from, format!("127.0.0.1:{port}")));
    let text = include_str!("../../../../deploy/forward-auth/Caddyfile");
    let site = adapted(text, &[rekey, tool, (TOOL, format!("http://{host}:{port}"))]);
    let around = "{\n\tadmin off\n\tauto_https off\n\tdefault_bind 127.0.0.1\n}\n";
    std::fs::write(folder.join("Caddyfile"), [around, &site].concat()).unwrap();
    let log = std::fs::File::create(folder.join("caddy.log")).unwrap();
    let mut command = Command::new("caddy");
    command
        .args(["run", "--adapter", "caddyfile", "--config", "Caddyfile"])
        .current_dir(folder)
        .env("HOME", folder)
        .stdout(Stdio::null())
        .stderr(log);
    if let Some((user, group)) = unprivileged("nobody") {
        std::os::unix::fs::chown(folder, Some(user), Some(group)).unwrap();
        command.uid(user).gid(group);
    }
    command.spawn().expect("caddy: is Debian's package caddy installed?")
}

/// The tool: answers with the head of the request, and behind it the length of the body.
async fn echo() -> (tokio::task::JoinHandle<()>, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serve = async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream));
        }
    };
    (tokio::spawn(serve), port)
}

async fn answer(mut stream: TcpStream) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await.ok()?;
    let said = format!("{head}{}", String::from_utf8_lossy(&body));
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{said}", said.len());
    stream.write_all(answer.as_bytes()).await.ok()
}
