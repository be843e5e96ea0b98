//! mail-send in a loop: the same bytes over one connection.

use std::time::{Duration, Instant};

use mail_send::SmtpClient;
use mail_send::smtp::message::Parameters;
use serde_json::json;
use tokio::net::TcpStream;

use crate::Measured;

/// Letters a second.
pub(crate) async fn send(address: &str, file: &str, seconds: u64) -> Measured {
    let letter = std::fs::read(file)?;
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut client = SmtpClient { stream, timeout: Duration::from_secs(10) };
    client.read().await?;
    client.ehlo("localhost").await?;
    let (began, time, mut sent) = (Instant::now(), Duration::from_secs(seconds), 0_u32);
    while began.elapsed() < time {
        client.mail_from("rekey@example.com", &Parameters::new()).await?;
        client.rcpt_to("person@example.com", &Parameters::new()).await?;
        client.data(&letter).await?;
        sent += 1;
    }
    Ok(json!({"per_s": f64::from(sent) / began.elapsed().as_secs_f64(), "bytes": letter.len()}))
}
