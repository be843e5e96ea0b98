use rekey_shared::email_address::EmailAddress;

use super::mends::mend;
use super::report::Report;
use crate::config::Config;
use crate::mail::fault::{Cause, Fault, Step};
use crate::mail::probe::Answer;
use crate::mail::smtp::SmtpServer;

/// Goes all the way up to a letter, and sends none.
pub(super) async fn check(config: &Config, report: &mut Report) {
    match &config.smtp {
        Some(server) => {
            let from = config.mail_from.on_the_wire();
            let to = config.operator_email.as_ref().map_or_else(|| from.clone(), EmailAddress::on_the_wire);
            if let Err(fault) = go_through(server, (&from, &to), report).await {
                let answer = what_answers(server, &fault).await;
                report.bad(name(fault.step), format!("{} — {}", fault.cause, mend(server, &from, &fault, answer)));
            }
        }
        None if config.public_url.is_loopback() => {
            let folder = config.data_dir.join("mailbox");
            report.good("smtp", format!("no mail server is set, letters are captured in {}", folder.display()));
        }
        None => report.bad("smtp", "no mail server is set — set REKEY_SMTP_URL"),
    }
}

async fn go_through(server: &SmtpServer, (from, to): (&str, &str), report: &mut Report) -> Result<(), Fault> {
    let mut connection = server.connect_and_tell(&mut |step, said| report.good(name(step), said)).await?;
    let taken = connection.try_sender(from, to).await;
    connection.quit().await;
    taken?;
    report.good(name(Step::Sender), format!("letters from {from} are taken"));
    Ok(())
}

/// Silence in place of a greeting has several reasons; one more question tells them apart.
async fn what_answers(server: &SmtpServer, fault: &Fault) -> Answer {
    match (fault.step, &fault.cause) {
        (Step::Greeting, Cause::Late | Cause::Closed) if !server.begins_with_tls() => server.what_answers().await,
        (Step::Greeting, Cause::NoSmtp(text)) if text.starts_with("HTTP/") => Answer::Http,
        _ => Answer::Unknown,
    }
}

fn name(step: Step) -> &'static str {
    match step {
        Step::Dns => "smtp dns",
        Step::Connect => "smtp connect",
        Step::Greeting => "smtp greeting",
        Step::Tls => "smtp tls",
        Step::Ehlo => "smtp ehlo",
        Step::Login => "smtp login",
        Step::Sender => "smtp sender",
    }
}
