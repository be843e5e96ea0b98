//! What answers on a port where no mail server greeted: for `rekey check`, never for the worker.

use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::smtp::SmtpServer;

/// What it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Tls,
    Http,
    /// Nothing, or nothing that could be told.
    Unknown,
}

impl SmtpServer {
    /// Says hello as TLS does, and looks at the first bytes that come back: a server that waits for TLS answers in TLS, and
    /// one that speaks HTTP complains in HTTP.
    pub async fn what_answers(&self) -> Answer {
        let answer = async {
            let mut stream = self.reach(&mut |_, _| {}).await.ok()?;
            stream.write_all(&self.client_hello()?).await.ok()?;
            let mut first = [0; 5];
            stream.read_exact(&mut first).await.ok()?;
            Some(match first {
                // A handshake or an alert (RFC 8446 5.1).
                [0x16 | 0x15, 3, ..] => Answer::Tls,
                [b'H', b'T', b'T', b'P', b'/'] => Answer::Http,
                _ => Answer::Unknown,
            })
        };
        tokio::time::timeout(self.timeout, answer).await.ok().flatten().unwrap_or(Answer::Unknown)
    }

    /// The first message alone: nothing is trusted and nothing is said over this connection.
    fn client_hello(&self) -> Option<Vec<u8>> {
        let config = ClientConfig::builder().with_root_certificates(RootCertStore::empty()).with_no_client_auth();
        let name = ServerName::try_from(self.host.clone()).ok()?;
        let mut hello = Vec::new();
        ClientConnection::new(Arc::new(config), name).ok()?.write_tls(&mut hello).ok()?;
        Some(hello)
    }
}
