//! Letters as a person reads them.

use mail_parser::MessageParser;

use super::mail_server::{MailServer, Received};

#[derive(Clone)]
pub struct Letter {
    pub subject: String,
    pub text: String,
    pub html: String,
    pub raw: String,
}

impl Letter {
    pub fn read(received: &Received) -> Self {
        let message = MessageParser::default().parse(&received.raw).expect("a MIME message");
        Self {
            subject: message.subject().unwrap_or_default().to_owned(),
            text: message.body_text(0).unwrap_or_default().replace("\r\n", "\n"),
            html: message.body_html(0).unwrap_or_default().into_owned(),
            raw: String::from_utf8_lossy(&received.raw).into_owned(),
        }
    }

    /// The link, from its own line.
    pub fn link(&self) -> Option<String> {
        self.text.lines().find(|line| line.starts_with("http") && line.contains('#')).map(str::to_owned)
    }

    /// What is behind the "#".
    pub fn token(&self) -> String {
        self.link().expect("a link").split_once('#').unwrap().1.to_owned()
    }

    /// The password, from its own line.
    pub fn password(&self) -> String {
        self.find_password().expect("a password on a line of its own")
    }

    pub fn find_password(&self) -> Option<String> {
        let is_password = |line: &&str| {
            let groups: Vec<_> = line.split('-').collect();
            groups.len() > 2
                && groups.iter().all(|group| !group.is_empty() && group.chars().all(|c| c.is_ascii_alphanumeric()))
        };
        self.text.lines().find(is_password).map(str::to_owned)
    }
}

/// All letters to an address, in the order in which they came.
pub fn letters_to(server: &MailServer, address: &str) -> Vec<Letter> {
    server.received().iter().filter(|received| received.to == address).map(Letter::read).collect()
}

/// The letter with this number (from 1) to an address, once it has come.
pub async fn letter_to(server: &MailServer, address: &str, number: usize) -> Letter {
    super::eventually(&format!("letter {number} to {address}"), async || {
        let letters = letters_to(server, address);
        if letters.len() < number {
            server.arrival().await;
        }
        letters.into_iter().nth(number - 1)
    })
    .await
}
