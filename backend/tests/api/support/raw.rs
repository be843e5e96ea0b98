//! HTTP byte by byte: what no well-behaved client sends.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection.
pub struct Raw(pub TcpStream);

/// An answer, as it came.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// The value of a header, if it is there.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

impl Raw {
    pub async fn connect(port: u16) -> Self {
        Self(TcpStream::connect(("127.0.0.1", port)).await.unwrap())
    }

    /// Connects and says something.
    pub async fn says(port: u16, bytes: impl AsRef<[u8]>) -> Self {
        let mut raw = Self::connect(port).await;
        raw.0.write_all(bytes.as_ref()).await.unwrap();
        raw
    }

    /// Says more; no: the server has hung up.
    pub async fn goes_on(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.0.write_all(bytes.as_ref()).await.is_ok()
    }

    /// The next answer; none: the server hung up without one.
    pub async fn answer(&mut self) -> Option<Answer> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await.ok()?);
        }
        let head = String::from_utf8(head).unwrap();
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let mut answer = Answer { status, head, body: String::new() };
        let length = answer.header("content-length").map_or(0, |text| text.parse().unwrap());
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.ok()?;
        answer.body = String::from_utf8_lossy(&body).into_owned();
        Some(answer)
    }

    /// Waits until the server hangs up, reading what it still says.
    pub async fn is_hung_up(&mut self) -> (Duration, Vec<u8>) {
        let started = Instant::now();
        let mut said = Vec::new();
        let end = tokio::time::timeout(super::PATIENCE, async {
            let mut some = [0; 4096];
            while let Ok(number @ 1..) = self.0.read(&mut some).await {
                said.extend_from_slice(&some[..number]);
            }
        });
        end.await.expect("a server that hangs up");
        (started.elapsed(), said)
    }
}

/// A request with a JSON body.
pub fn post(path: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

/// A request without a body.
pub fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n")
}
