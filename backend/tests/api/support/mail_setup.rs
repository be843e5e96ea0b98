//! Mail servers as operators set them up: with and without TLS, with a login, and with what can be wrong about them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// How it speaks TLS.
#[derive(Clone)]
pub enum Tls {
    None,
    Offered(Certificate),
    FromTheStart(Certificate),
}

/// A mail server; without wishes one that takes everything, and readable.
#[derive(Clone)]
pub struct Wishes {
    pub tls: Tls,
    /// Hangs up on a client that has not begun with TLS by then.
    pub tls_within: Duration,
    pub greets_after: Duration,
    /// What it says when somebody logs in.
    pub login: &'static str,
    /// What it says to a sender.
    pub sender: &'static str,
    /// What it says when it hears to whom.
    pub recipient: &'static str,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            tls: Tls::None,
            tls_within: super::PATIENCE,
            greets_after: Duration::ZERO,
            login: "235 2.7.0 ok",
            sender: "250 2.1.0 ok",
            recipient: "250 2.1.5 ok",
        }
    }
}

/// Listens for as long as the test runs, and tells the port.
pub async fn mail_server(wishes: Wishes) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, wishes.clone()));
        }
    });
    port
}

/// A client that leaves early is its own affair.
async fn serve(stream: TcpStream, wishes: Wishes) -> Option<()> {
    if let Tls::FromTheStart(certificate) = &wishes.tls {
        let secured = tokio::time::timeout(wishes.tls_within, certificate.acceptor().accept(stream));
        let stream = secured.await.ok()?.ok()?;
        return talk(&mut BufReader::new(stream), &wishes, true, true).await.map(drop);
    }
    let mut plain = BufReader::new(stream);
    let End::StartTls = talk(&mut plain, &wishes, true, false).await? else { return Some(()) };
    let Tls::Offered(certificate) = &wishes.tls else { return None };
    let stream = certificate.acceptor().accept(plain.into_inner()).await.ok()?;
    talk(&mut BufReader::new(stream), &wishes, false, true).await.map(drop)
}

enum End {
    Quit,
    StartTls,
}

async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    wishes: &Wishes,
    greets: bool,
    secure: bool,
) -> Option<End> {
    if greets {
        tokio::time::sleep(wishes.greets_after).await;
        stream.write_all(b"220 mail.test ready\r\n").await.ok()?;
    }
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let verb = line.split([' ', ':', '\r']).next().unwrap_or_default().to_ascii_uppercase();
        let offers_tls = matches!(wishes.tls, Tls::Offered(_)) && !secure;
        let reply = match verb.as_str() {
            "EHLO" if offers_tls => "250-mail.test\r\n250 STARTTLS",
            "EHLO" => "250-mail.test\r\n250-SMTPUTF8\r\n250 AUTH PLAIN LOGIN",
            "STARTTLS" if offers_tls => "220 2.0.0 go on",
            "AUTH" => wishes.login,
            "MAIL" => wishes.sender,
            "RCPT" => wishes.recipient,
            "RSET" => "250 2.0.0 ok",
            "QUIT" => "221 2.0.0 bye",
            // No letter is ever sent.
            _ => "502 5.5.1 unexpected",
        };
        stream.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
        stream.flush().await.ok()?;
        match verb.as_str() {
            "STARTTLS" if offers_tls => return Some(End::StartTls),
            "QUIT" => return Some(End::Quit),
            _ => {}
        }
    }
}

/// A server's certificate with its key.
#[derive(Clone)]
pub struct Certificate(Arc<ServerConfig>);

impl Certificate {
    fn new(certificate: &rcgen::Certificate, key: &KeyPair) -> Self {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        Self(Arc::new(config))
    }

    /// As a server makes it for itself when nobody gives it one; as openssl does, that is an authority's, too.
    pub fn self_signed(name: &str, is_authority: bool) -> Self {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        if is_authority {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        let key = KeyPair::generate().unwrap();
        Self::new(&params.self_signed(&key).unwrap(), &key)
    }

    fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.0.clone())
    }
}

/// A company's own authority, which issues certificates for mail servers.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// The file to which an operator sets `SSL_CERT_FILE`.
    pub fn file_in(&self, folder: &Path) -> PathBuf {
        let file = folder.join("authority.pem");
        std::fs::write(&file, self.0.pem()).unwrap();
        file
    }

    pub fn certificate_for(&self, name: &str) -> Certificate {
        self.issue(&CertificateParams::new([name.to_owned()]).unwrap())
    }

    pub fn expired_certificate_for(&self, name: &str) -> Certificate {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
        self.issue(&params)
    }

    fn issue(&self, params: &CertificateParams) -> Certificate {
        let key = KeyPair::generate().unwrap();
        Certificate::new(&params.signed_by(&key, &self.0).unwrap(), &key)
    }
}
