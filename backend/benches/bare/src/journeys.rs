//! People who live the whole journey, many at once, and the mail server that brings them their letters: it asks for a link,
//! uses it, and logs in with the password that comes. No bare work: whoever measures Rekey's needs somebody who reads mail.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::error::Error;
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::LocalSet;

use crate::Measured;

type Outcome<T> = Result<T, Box<dyn Error>>;
/// Who waits for letters, by address.
type Mailboxes = Rc<RefCell<HashMap<String, UnboundedSender<String>>>>;

/// People come and letters go for so long before it counts: at first nobody has a password to log in with.
const BEFORE: Duration = Duration::from_secs(1);

/// Journeys that end in a second, while so many people are under way at once: neither the beginning counts, when all of them wait
/// for their first letter, nor the end, when fewer and fewer are left.
pub(crate) async fn live(server: &str, mail: &str, people: u32, seconds: u64) -> Measured {
    let listener = TcpListener::bind(mail).await?;
    let mailboxes = Mailboxes::default();
    let tasks = LocalSet::new();
    tasks.spawn_local(take_letters(listener, mailboxes.clone()));
    let (begin, time) = (Instant::now() + BEFORE, Duration::from_secs(seconds));
    let (next, lived) = (Rc::new(Cell::new(1)), Rc::new(RefCell::new(Vec::new())));
    let crowd = (0..people).map(|_| {
        let (server, mailboxes, next, lived) = (server.to_owned(), mailboxes.clone(), next.clone(), lived.clone());
        tasks.spawn_local(async move {
            let mut server = Server(BufReader::new(TcpStream::connect(server).await.map_err(text)?));
            while begin.elapsed() < time {
                let (person, since) = (next.get(), Instant::now());
                next.set(person + 1);
                journey(&mut server, &mailboxes, person).await.map_err(text)?;
                if (begin..begin + time).contains(&Instant::now()) {
                    lived.borrow_mut().push(since.elapsed());
                }
            }
            Ok::<_, String>(())
        })
    });
    let crowd: Vec<_> = crowd.collect();
    tasks
        .run_until(async {
            for one in crowd {
                one.await??;
            }
            Outcome::Ok(())
        })
        .await?;
    let mut lived = lived.take();
    lived.sort_unstable();
    let middle = lived.get(lived.len() / 2).copied().unwrap_or_default();
    let number = u32::try_from(lived.len())?;
    Ok(json!({"per_s": f64::from(number) / time.as_secs_f64(), "p50_ms": middle.as_secs_f64() * 1e3}))
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn text(error: impl ToString) -> String {
    error.to_string()
}

async fn journey(server: &mut Server, mailboxes: &Mailboxes, person: u32) -> Outcome<()> {
    let user = format!("person{person:07}");
    let email = format!("{user}@example.com");
    let (sender, mut letters) = unbounded_channel();
    mailboxes.borrow_mut().insert(email.clone(), sender);
    server.asks("/password-reset/request", 202, &json!({ "email": email })).await?;
    let letter = next_letter(&mut letters).await?;
    let token: String = letter.split("/reset#").nth(1).unwrap_or_default().chars().take(24).collect();
    server.asks("/password-reset/confirm", 200, &json!({ "token": token })).await?;
    let letter = next_letter(&mut letters).await?;
    let password = letter.lines().find(|line| is_password(line)).ok_or("a letter without a password")?;
    server.asks("/login", 200, &json!({ "user": user, "password": password })).await?;
    mailboxes.borrow_mut().remove(&email);
    Ok(())
}

async fn next_letter(letters: &mut UnboundedReceiver<String>) -> Outcome<String> {
    let letter = tokio::time::timeout(Duration::from_secs(30), letters.recv()).await?;
    letter.ok_or_else(|| "no letter".into())
}

/// Four groups of six.
fn is_password(line: &str) -> bool {
    let groups: Vec<&str> = line.split('-').collect();
    groups.len() == 4
        && groups.iter().all(|group| group.len() == 6 && group.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// A connection to Rekey, kept.
struct Server(BufReader<TcpStream>);

impl Server {
    async fn asks(&mut self, path: &str, expected: u16, body: &Value) -> Outcome<()> {
        let body = body.to_string();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.0.write_all(request.as_bytes()).await?;
        let (mut head, mut length) = (String::new(), 0);
        while self.0.read_line(&mut head).await? > 2 {}
        for line in head.lines() {
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse()?;
            }
        }
        let mut answer = vec![0; length];
        self.0.read_exact(&mut answer).await?;
        let is_expected = head.split(' ').nth(1) == Some(&expected.to_string());
        if is_expected { Ok(()) } else { Err(format!("{path}: {head}{}", String::from_utf8_lossy(&answer)).into()) }
    }
}

async fn take_letters(listener: TcpListener, mailboxes: Mailboxes) {
    while let Ok((stream, _)) = listener.accept().await {
        // A connection that breaks is the worker's to notice.
        tokio::task::spawn_local(serve(stream, mailboxes.clone()));
    }
}

/// As much SMTP as a client needs that makes no mistake.
async fn serve(stream: TcpStream, mailboxes: Mailboxes) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 localhost\r\n").await?;
    let mut to = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        if let Some(rest) = line.strip_prefix("RCPT TO:<") {
            rest.split('>').next().unwrap_or_default().clone_into(&mut to);
        }
        if line.starts_with("DATA") {
            stream.write_all(b"354 go on\r\n").await?;
            let mut letter = String::new();
            while stream.read_line(&mut letter).await? > 0 && !letter.ends_with("\r\n.\r\n") {}
            if let Some(mailbox) = mailboxes.borrow().get(&to) {
                // Who has given up does not read it.
                let _ = mailbox.send(letter);
            }
        }
        stream.write_all(b"250 ok\r\n").await?;
    }
}
