//! One kept connection, and as little as possible between the clock and the server.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;

pub struct Line(TcpStream);

impl Line {
    pub fn to(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(crate::support::PATIENCE)).unwrap();
        Self(stream)
    }

    /// How long the answer takes, and its status.
    pub fn asks(&mut self, request: &[u8]) -> (Duration, u16) {
        let mut answer = [0; 8192];
        let mut length = 0;
        let asked = Instant::now();
        self.0.write_all(request).unwrap();
        loop {
            let read = self.0.read(&mut answer[length..]).unwrap();
            assert_ne!(read, 0, "the server hung up");
            length += read;
            let took = asked.elapsed();
            let text = String::from_utf8_lossy(&answer[..length]);
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let declared = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            if body.len() >= declared.parse::<usize>().unwrap() {
                return (took, head[9..12].parse().unwrap());
            }
        }
    }
}

pub fn post(path: &str, token: Option<&str>, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let length = body.len();
    let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\n{token}Content-Type: application/json\r\n");
    format!("{head}Content-Length: {length}\r\n\r\n{body}").into_bytes()
}
