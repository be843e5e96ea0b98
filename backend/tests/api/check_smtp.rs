//! `rekey check` and the mail server: each set-up that is wrong is told with what to do about it.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::support::app::App;
use crate::support::database::Kind;
use crate::support::mail_setup::{Authority, Certificate, Tls, Wishes, mail_server};

const PASSWORD: &str = "geheim";

/// An operator who has set up everything but the mail server.
struct Operator {
    folder: TempDir,
    trusts: Option<PathBuf>,
}

impl Operator {
    fn new() -> Self {
        let operator = Self { folder: TempDir::new().unwrap(), trusts: None };
        assert!(operator.rekey("migrate", "").output().unwrap().status.success());
        operator
    }

    fn trusts(authority: &Authority) -> Self {
        let mut operator = Self::new();
        operator.trusts = Some(authority.file_in(operator.folder.path()));
        operator
    }

    fn rekey(&self, argument: &str, smtp_url: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rekey"));
        command
            .arg(argument)
            .current_dir(self.folder.path())
            .env("REKEY_SMTP_URL", smtp_url)
            .env("REKEY_SMTP_TIMEOUT", "500ms")
            .env("REKEY_MAIL_FROM", "rekey@example.org")
            .env("REKEY_LOG", "error");
        if let Some(file) = &self.trusts {
            command.env("SSL_CERT_FILE", file);
        }
        command
    }

    /// The lines about the mail server; the password is in none, nor in the log.
    async fn checks(&self, smtp_url: &str) -> Vec<String> {
        let mut check = self.rekey("check", smtp_url);
        let output = tokio::task::spawn_blocking(move || check.output().unwrap()).await.unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let everything = format!("{said}{}", String::from_utf8_lossy(&output.stderr));
        assert!(!everything.contains(PASSWORD), "{everything}");
        let lines: Vec<_> = said.lines().filter(|line| line.contains(" smtp")).map(str::to_owned).collect();
        let faults = said.lines().filter(|line| line.starts_with('✗')).count();
        assert_eq!(output.status.code(), Some(i32::from(faults > 0)), "{everything}");
        lines
    }

    /// All is well, in these steps.
    async fn is_content(&self, smtp_url: &str, steps: &[&str]) {
        let lines = self.checks(smtp_url).await;
        let passed: Vec<_> = lines.iter().filter_map(|line| line.strip_prefix("✓ smtp ")?.split(':').next()).collect();
        assert_eq!(passed, steps, "{lines:?}");
    }

    /// One step fails, and those after it are left out.
    async fn is_told(&self, smtp_url: &str, fault: &str) {
        let lines = self.checks(smtp_url).await;
        let (last, before) = lines.split_last().unwrap();
        assert_eq!(last.trim_start_matches("✗ "), fault, "{lines:?}");
        assert!(before.iter().all(|line| line.starts_with('✓')), "{lines:?}");
    }
}

fn with(tls: Tls) -> Wishes {
    Wishes { tls, ..Wishes::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_good_one_passes_every_step_in_each_of_the_three_forms() {
    let authority = Authority::new();
    let operator = Operator::trusts(&authority);
    let certificate = authority.certificate_for("localhost");
    let port = mail_server(Wishes::default()).await;
    operator
        .is_content(&format!("smtp://127.0.0.1:{port}?tls=none"), &["dns", "connect", "greeting", "ehlo", "sender"])
        .await;
    let port = mail_server(with(Tls::Offered(certificate.clone()))).await;
    operator
        .is_content(
            &format!("smtp://ann:{PASSWORD}@localhost:{port}"),
            &["dns", "connect", "greeting", "tls", "ehlo", "login", "sender"],
        )
        .await;
    let port = mail_server(with(Tls::FromTheStart(certificate))).await;
    operator
        .is_content(
            &format!("smtps://ann:{PASSWORD}@localhost:{port}"),
            &["dns", "connect", "tls", "greeting", "ehlo", "login", "sender"],
        )
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_port() {
    Operator::new()
        .is_told(
            "smtp://127.0.0.1:1",
            "smtp connect: Connection refused (os error 111) — nothing listens on port 1 there; see that the mail server \
             runs and that the port in REKEY_SMTP_URL is right (mostly 587 for smtp://, 465 for smtps://)",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_nobody_knows() {
    let lines = Operator::new().checks("smtp://no-such-host.invalid").await;
    // What exactly is wrong with a name depends on who is asked.
    let [line] = &lines[..] else { panic!("{lines:?}") };
    assert!(line.starts_with("✗ smtp dns: "), "{line}");
    assert!(
        line.ends_with(" — see that the host in REKEY_SMTP_URL is right and that this machine can look up names"),
        "{line}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tls_on_a_port_that_does_not_speak_it() {
    let port = mail_server(Wishes::default()).await;
    let fault = format!(
        "smtp tls: received corrupt message of type InvalidContentType — no TLS is spoken on port {port}: write smtp:// in \
         REKEY_SMTP_URL (mostly port 587), or name the server's TLS port (mostly 465)"
    );
    Operator::new().is_told(&format!("smtps://127.0.0.1:{port}"), &fault).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_tls_on_a_port_that_waits_for_it() {
    let certificate = Certificate::self_signed("localhost", false);
    let patient = with(Tls::FromTheStart(certificate));
    let impatient = Wishes { tls_within: Duration::from_millis(200), ..patient.clone() };
    for (server, cause) in [(patient, "no answer in time"), (impatient, "the server closed the connection")] {
        let port = mail_server(server).await;
        let fault = format!(
            "smtp greeting: {cause} — the server waits for TLS on port {port}: write smtps:// in REKEY_SMTP_URL"
        );
        Operator::new().is_told(&format!("smtp://localhost:{port}"), &fault).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_starttls() {
    let port = mail_server(Wishes::default()).await;
    Operator::new()
        .is_told(
            &format!("smtp://ann:{PASSWORD}@127.0.0.1:{port}"),
            "smtp tls: the server does not offer STARTTLS — use the server's TLS port by smtps:// (mostly 465) or, on this \
             machine or a network of your own only, write ?tls=none at the end of REKEY_SMTP_URL",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_nobody_trusts() {
    let unknown = Authority::new().certificate_for("localhost");
    for certificate in [unknown, Certificate::self_signed("localhost", false)] {
        let port = mail_server(with(Tls::Offered(certificate))).await;
        Operator::new()
            .is_told(
                &format!("smtp://localhost:{port}"),
                "smtp tls: invalid peer certificate: UnknownIssuer — this machine does not trust who issued the server's \
                 certificate: have the server send the whole chain of a public authority, or set SSL_CERT_FILE to a PEM file \
                 with your own authority's certificate",
            )
            .await;
    }
    // As `openssl req -x509` makes it: no setting would help.
    let port = mail_server(with(Tls::Offered(Certificate::self_signed("localhost", true)))).await;
    let lines = Operator::new().checks(&format!("smtp://localhost:{port}")).await;
    assert!(
        lines.last().unwrap().ends_with(
            "CaUsedAsEndEntity)) — give the server a certificate that an authority has issued for it, not one that it made \
             and signed for itself"
        ),
        "{lines:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_has_expired() {
    let authority = Authority::new();
    let port = mail_server(with(Tls::Offered(authority.expired_certificate_for("localhost")))).await;
    let lines = Operator::trusts(&authority).checks(&format!("smtp://localhost:{port}")).await;
    let line = lines.last().unwrap();
    assert!(line.starts_with("✗ smtp tls: invalid peer certificate: certificate expired"), "{line}");
    assert!(
        line.ends_with(" — the server's certificate has expired: renew it there, or set this machine's clock right"),
        "{line}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_for_another_name() {
    let authority = Authority::new();
    let port = mail_server(with(Tls::FromTheStart(authority.certificate_for("mail.example.org")))).await;
    Operator::trusts(&authority)
        .is_told(
            &format!("smtps://localhost:{port}"),
            "smtp tls: invalid peer certificate: certificate not valid for name \"localhost\"; certificate is only valid \
             for DnsName(\"mail.example.org\") — the server's certificate is for mail.example.org: name the server so in \
             REKEY_SMTP_URL, or give it a certificate for localhost",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password() {
    let port = mail_server(Wishes { login: "535 5.7.8 no: AGFubgBnZWhlaW0= geheim", ..Wishes::default() }).await;
    Operator::new()
        .is_told(
            &format!("smtp://ann:{PASSWORD}@127.0.0.1:{port}?tls=none"),
            "smtp login: the server said 535 5.7.8 no: <secret> <secret> — set user and password in REKEY_SMTP_URL right, \
             with %XX for special characters; some providers want a password made for the program",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_that_is_refused() {
    let port = mail_server(Wishes { sender: "550 5.7.1 not yours", ..Wishes::default() }).await;
    Operator::new()
        .is_told(
            &format!("smtp://127.0.0.1:{port}?tls=none"),
            "smtp sender: the server said 550 5.7.1 not yours — the server takes no letters from rekey@example.org: set \
             REKEY_MAIL_FROM to an address that this login may send from",
        )
        .await;
}

/// As Postfix does by itself: it wants to know to whom before it says what it thinks of the sender.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_that_is_refused_late() {
    let recipient = "553 5.7.1 <rekey@example.org>: Sender address rejected: not owned by user ann";
    let port = mail_server(Wishes { recipient, ..Wishes::default() }).await;
    Operator::new()
        .is_told(
            &format!("smtp://127.0.0.1:{port}?tls=none"),
            "smtp sender: the server said 553 5.7.1 <address> Sender address rejected: not owned by user ann — the server \
             takes no letters from rekey@example.org: set REKEY_MAIL_FROM to an address that this login may send from",
        )
        .await;
}

/// Nobody has said that there is such a mailbox.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_mailbox_is_no_fault() {
    for recipient in ["550 5.1.1 no such mailbox", "450 4.2.0 greylisted", "502 what"] {
        let port = mail_server(Wishes { recipient, ..Wishes::default() }).await;
        let steps = ["dns", "connect", "greeting", "ehlo", "sender"];
        Operator::new().is_content(&format!("smtp://127.0.0.1:{port}?tls=none"), &steps).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_greeting_that_comes_late() {
    let port = mail_server(Wishes { greets_after: Duration::from_secs(20), ..Wishes::default() }).await;
    Operator::new()
        .is_told(
            &format!("smtp://127.0.0.1:{port}?tls=none"),
            "smtp greeting: no answer in time — if the server is only slow, set REKEY_SMTP_TIMEOUT higher than 500ms; else \
             see that host and port in REKEY_SMTP_URL are a mail server's",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_web_server() {
    let app = App::start(Kind::Sqlite).await;
    let address = app.base.trim_start_matches("http://");
    let port = address.rsplit(':').next().unwrap();
    let fault = format!(
        "smtp greeting: no answer in time — a web server answers on port {port}: name the mail server's port in \
         REKEY_SMTP_URL (mostly 587 for smtp://, 465 for smtps://)"
    );
    Operator::new().is_told(&format!("smtp://{address}"), &fault).await;
}
