//! What a server's no to a letter is about: the person it goes to, or whoever sends it.

use smtp_proto::Response;

/// Whether a lasting no (5xx) to a recipient or a letter is about who sends: a sender address that is not the login's, a
/// server that passes nothing on for strangers, a day's letters that are used up. Many servers, Postfix by itself, look at
/// that only when they have heard to whom. By the enhanced status code (RFC 3463), and by English words where there is none.
///
/// It is a guess: only the next person's letter shows whether it is right.
pub(super) fn is_about_sender(reply: &Response<String>) -> bool {
    let text = reply.message().to_ascii_lowercase();
    let is_lasting = (500..600).contains(&reply.code());
    is_lasting
        && match reply.esc {
            // Postfix has one code for all that its rules refuse, and says in words whom they are about.
            [5, 7, _] => !text.contains("recipient address rejected"),
            // The sender's mailbox; the sending system's own trouble and limits.
            [5, 1, 7 | 8] | [5, 4, 5] | [5, 3, _] => true,
            [0, _, _] => ["sender", "relay", "authenticat"].iter().any(|word| text.contains(word)),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_the_sender_is_told_from_what_is_about_the_recipient() {
        let is_about_sender =
            |code, esc, message: &str| is_about_sender(&Response { code, esc, message: message.to_owned() });
        for (code, esc, message) in [
            (553, [5, 7, 1], "<a@example.org>: Sender address rejected: not owned by user ann"),
            (554, [5, 7, 1], "<ann@example.com>: Relay access denied"),
            (550, [5, 7, 60], "SMTP; Client does not have permissions to send as this sender"),
            (550, [5, 4, 5], "Daily user sending limit exceeded"),
            (553, [5, 1, 8], "domain of sender address does not exist"),
            (550, [0, 0, 0], "Relay not permitted"),
            (550, [0, 0, 0], "Sender verify failed"),
        ] {
            assert!(is_about_sender(code, esc, message), "{message}");
        }
        for (code, esc, message) in [
            (550, [5, 1, 1], "no such mailbox"),
            (550, [0, 0, 0], "No such user here"),
            (552, [5, 2, 2], "mailbox full"),
            (554, [5, 7, 1], "<ann@example.com>: Recipient address rejected: Access denied"),
            (450, [4, 7, 1], "Sender address rejected: come back later"),
        ] {
            assert!(!is_about_sender(code, esc, message), "{message}");
        }
    }
}
