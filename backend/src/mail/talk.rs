//! The talk with a mail server once it takes letters: what is said, and the replies one by one.

use std::time::Duration;

use smtp_proto::Response;
use smtp_proto::response::parser::ResponseReceiver;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};

use super::dial::Stream;
use super::fault::Cause;

/// mail-send's own dialogue throws away whatever came along with a reply. Where several commands are said at once (RFC
/// 2920) that is the next reply, and each of them belongs to its letter.
pub(super) struct Talk {
    stream: Box<dyn Stream>,
    /// For each thing that is said, and for each reply.
    timeout: Duration,
    /// What has come and is not read yet.
    unread: Vec<u8>,
}

impl Talk {
    pub fn new(stream: Box<dyn Stream>, timeout: Duration) -> Self {
        Self { stream, timeout, unread: Vec::new() }
    }

    /// Says a line and hears the reply.
    pub async fn ask(&mut self, line: &str) -> Result<Response<String>, Cause> {
        self.say(line.as_bytes()).await?;
        self.reply().await
    }

    /// Says something, in one piece.
    pub async fn say(&mut self, bytes: &[u8]) -> Result<(), Cause> {
        let said = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        Ok(tokio::time::timeout(self.timeout, said).await.map_err(|_| Cause::Late)??)
    }

    /// Hears the next reply.
    pub async fn reply(&mut self) -> Result<Response<String>, Cause> {
        let reply = read_reply(&mut self.stream, &mut self.unread);
        tokio::time::timeout(self.timeout, reply).await.unwrap_or(Err(Cause::Late))
    }
}

/// Reads a reply, and no further: what came with it is left for the next one.
pub(super) async fn read_reply(
    stream: &mut (impl AsyncRead + Unpin),
    unread: &mut Vec<u8>,
) -> Result<Response<String>, Cause> {
    let mut is_over = false;
    loop {
        let mut rest = unread.iter();
        match ResponseReceiver::default().parse(&mut rest) {
            Ok(reply) => {
                unread.drain(..unread.len() - rest.len());
                return Ok(reply);
            }
            Err(_) if unread.is_empty() && is_over => return Err(Cause::Closed),
            Err(smtp_proto::Error::NeedsMoreData { .. }) if !is_over => {}
            Err(_) => return Err(Cause::NoSmtp(one_line(&String::from_utf8_lossy(unread)))),
        }
        let mut some = [0; 512];
        let length = stream.read(&mut some).await?;
        unread.extend_from_slice(&some[..length]);
        is_over = length == 0;
    }
}

/// The first line, and not too much of it.
pub(super) fn one_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().filter(|c| !c.is_control()).take(100).collect()
}

/// A letter as it goes over the line: no line of it is the end but the last (RFC 5321 4.5.2). A dot after a bare CR or LF is
/// doubled, too: some servers take either for the end of a line.
pub(super) fn ended(letter: &[u8]) -> Vec<u8> {
    let mut written = Vec::with_capacity(letter.len() + 256);
    let mut from = 0;
    for (at, _) in letter.iter().enumerate().filter(|(_, byte)| **byte == b'.') {
        if at == 0 || matches!(letter[at - 1], b'\r' | b'\n') {
            written.extend_from_slice(&letter[from..at]);
            written.push(b'.');
            from = at;
        }
    }
    written.extend_from_slice(&letter[from..]);
    written.extend_from_slice(b"\r\n.\r\n");
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn replies_that_come_together_are_heard_one_by_one() {
        let said = b"250-one\r\n250 more\r\n550 5.1.1 two\r\n35";
        let (mut reading, mut unread) = (&said[..], Vec::new());
        assert_eq!(read_reply(&mut reading, &mut unread).await.unwrap().code(), 250);
        let second = read_reply(&mut reading, &mut unread).await.unwrap();
        assert_eq!((second.code(), second.message().as_str()), (550, "two"));
        let broken = read_reply(&mut reading, &mut unread).await.unwrap_err();
        assert!(matches!(broken, Cause::NoSmtp(text) if text == "35"));
        assert!(matches!(read_reply(&mut &b""[..], &mut Vec::new()).await, Err(Cause::Closed)));
        assert!(matches!(read_reply(&mut &b"hello\r\n"[..], &mut Vec::new()).await, Err(Cause::NoSmtp(_))));
    }

    #[test]
    fn no_line_of_a_letter_ends_it() {
        assert_eq!(ended(b".a\r\n.\r\nb.\r.\n."), b"..a\r\n..\r\nb.\r..\n..\r\n.\r\n");
    }
}
