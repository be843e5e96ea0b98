//! What to do about a mail server that cannot be used, one sentence for each fault that is known.

use std::io::ErrorKind;

use rustls::{CertificateError, Error as TlsError};

use crate::mail::fault::{Cause, Fault, Step};
use crate::mail::probe::Answer;
use crate::mail::smtp::SmtpServer;

const ASK: &str = "ask whoever runs the mail server";

pub(super) fn mend(server: &SmtpServer, from: &str, fault: &Fault, answer: Answer) -> String {
    match (fault.step, &fault.cause) {
        (Step::Dns, _) => {
            "see that the host in REKEY_SMTP_URL is right and that this machine can look up names".to_owned()
        }
        (Step::Connect, cause) => connect(server, cause),
        (Step::Greeting, cause) => greeting(server, cause, answer),
        (Step::Tls, Cause::Tls(error)) => tls(server, error),
        (Step::Tls, cause) => no_tls(server, cause),
        (Step::Ehlo, Cause::Said { .. }) => format!(
            "the server does not take the name that it is told, the host of REKEY_PUBLIC_URL; set that right, or {ASK}"
        ),
        (Step::Login, cause) => login(cause),
        (Step::Sender, cause) => sender(from, cause),
        (_, Cause::Late) => too_slow(server),
        _ => ASK.to_owned(),
    }
}

fn too_slow(server: &SmtpServer) -> String {
    format!(
        "if the server is only slow, set REKEY_SMTP_TIMEOUT higher than {}",
        humantime::format_duration(server.timeout())
    )
}

fn connect(server: &SmtpServer, cause: &Cause) -> String {
    match cause {
        Cause::Io(error) if error.kind() == ErrorKind::ConnectionRefused => format!(
            "nothing listens on port {} there; see that the mail server runs and that the port in REKEY_SMTP_URL is right \
             (mostly 587 for smtp://, 465 for smtps://)",
            server.port()
        ),
        _ => format!(
            "see that host and port in REKEY_SMTP_URL are right and that no firewall stops this machine on port {}",
            server.port()
        ),
    }
}

fn greeting(server: &SmtpServer, cause: &Cause, answer: Answer) -> String {
    match (answer, cause) {
        (Answer::Tls, _) => {
            format!("the server waits for TLS on port {}: write smtps:// in REKEY_SMTP_URL", server.port())
        }
        (Answer::Http, _) => format!(
            "a web server answers on port {}: name the mail server's port in REKEY_SMTP_URL (mostly 587 for smtp://, 465 \
             for smtps://)",
            server.port()
        ),
        (_, Cause::Late) => {
            format!("{}; else see that host and port in REKEY_SMTP_URL are a mail server's", too_slow(server))
        }
        (_, Cause::NoSmtp(_)) => {
            format!("no mail server answers on port {}: set host and port in REKEY_SMTP_URL right", server.port())
        }
        _ => format!("the server takes no connections now, or none from this machine; {ASK}"),
    }
}

fn tls(server: &SmtpServer, error: &TlsError) -> String {
    match error {
        TlsError::InvalidCertificate(certificate) => match certificate {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "the server's certificate has expired: renew it there, or set this machine's clock right".to_owned()
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "the server's certificate is not valid yet: set this machine's clock right".to_owned()
            }
            CertificateError::NotValidForNameContext { presented, .. } => format!(
                "the server's certificate is for {}: name the server so in REKEY_SMTP_URL, or give it a certificate for {}",
                presented.iter().map(|name| plain_name(name)).collect::<Vec<_>>().join(", "),
                server.host()
            ),
            CertificateError::UnknownIssuer => {
                "this machine does not trust who issued the server's certificate: have the server send the whole chain of a \
                 public authority, or set SSL_CERT_FILE to a PEM file with your own authority's certificate"
                    .to_owned()
            }
            _ => "give the server a certificate that an authority has issued for it, not one that it made and signed for \
                  itself"
                .to_owned(),
        },
        TlsError::InvalidMessage(_) if server.begins_with_tls() => format!(
            "no TLS is spoken on port {}: write smtp:// in REKEY_SMTP_URL (mostly port 587), or name the server's TLS port \
             (mostly 465)",
            server.port()
        ),
        TlsError::AlertReceived(_) | TlsError::PeerIncompatible(_) => {
            "the server must speak TLS 1.2 or 1.3: bring it up to date".to_owned()
        }
        _ => ASK.to_owned(),
    }
}

/// rustls tells names as `DnsName("mail.example.com")`.
fn plain_name(name: &str) -> &str {
    name.split('"').nth(1).unwrap_or(name)
}

fn no_tls(server: &SmtpServer, cause: &Cause) -> String {
    match cause {
        Cause::NoStartTls => {
            "use the server's TLS port by smtps:// (mostly 465) or, on this machine or a network of your own only, write \
             ?tls=none at the end of REKEY_SMTP_URL"
                .to_owned()
        }
        Cause::NoRoots(_) => {
            "install the system's certificates (the package ca-certificates), or set SSL_CERT_FILE".to_owned()
        }
        Cause::Late | Cause::Closed if server.begins_with_tls() => {
            format!("port {} may not speak TLS from the start: try smtp:// in REKEY_SMTP_URL (mostly port 587)", server.port())
        }
        _ => format!("the server cannot begin TLS now; {ASK}"),
    }
}

fn login(cause: &Cause) -> String {
    match cause {
        Cause::Said { code: 400..500, .. } => "the server cannot tell now; try again in a while".to_owned(),
        Cause::Said { .. } => {
            "set user and password in REKEY_SMTP_URL right, with %XX for special characters; some providers want a password \
             made for the program"
                .to_owned()
        }
        Cause::NoLogin => {
            "leave USER:PASSWORD@ out of REKEY_SMTP_URL if the server needs no login, or use TLS: many servers offer a login \
             only there"
                .to_owned()
        }
        _ => ASK.to_owned(),
    }
}

fn sender(from: &str, cause: &Cause) -> String {
    match cause {
        Cause::Said { code: 530, .. } => {
            "the server wants a login: write USER:PASSWORD@ before the host in REKEY_SMTP_URL".to_owned()
        }
        Cause::Said { code: 500.., .. } => {
            format!(
                "the server takes no letters from {from}: set REKEY_MAIL_FROM to an address that this login may send from"
            )
        }
        Cause::Said { .. } => "the server takes no letters now; try again in a while".to_owned(),
        _ => ASK.to_owned(),
    }
}
