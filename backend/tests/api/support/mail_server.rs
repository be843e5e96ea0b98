//! A real SMTP server on a port of its own, which can be told to misbehave at any step.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// Where in the talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Greeting,
    Ehlo,
    MailFrom,
    RcptTo,
    Data,
    /// After the last dot.
    Taken,
}

impl Step {
    pub const ALL: [Self; 6] = [Self::Greeting, Self::Ehlo, Self::MailFrom, Self::RcptTo, Self::Data, Self::Taken];
}

/// What it does there.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// Says nothing more.
    Hang,
    /// Closes the line.
    Close,
    /// Takes this long, and goes on.
    Late(Duration),
    /// Says this.
    Say(&'static str),
    /// Takes the letter, and the answer gets lost; only at [`Step::Taken`].
    Lose,
}

/// A letter that the server has taken.
#[derive(Clone)]
pub struct Received {
    pub from: String,
    pub to: String,
    pub raw: Vec<u8>,
}

#[derive(Default)]
struct State {
    received: Vec<Received>,
    refused: Vec<Received>,
    fault: Option<(Step, Fault)>,
    breaks_over: Option<String>,
    connections: usize,
    commands: Vec<String>,
}

/// The server. It stops when dropped.
pub struct MailServer {
    pub port: u16,
    state: Arc<Mutex<State>>,
    arrived: Arc<Notify>,
    listening: Option<JoinHandle<()>>,
    open: Arc<Mutex<Vec<tokio::task::AbortHandle>>>,
}

impl MailServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut server =
            Self { port, state: Arc::default(), arrived: Arc::default(), listening: None, open: Arc::default() };
        server.listen_on(listener);
        server
    }

    fn listen_on(&mut self, listener: TcpListener) {
        let (state, arrived, open) = (self.state.clone(), self.arrived.clone(), self.open.clone());
        self.listening = Some(tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let talk = tokio::spawn(talk(stream, state.clone(), arrived.clone()));
                open.lock().unwrap().push(talk.abort_handle());
            }
        }));
    }

    /// Goes away: connections are refused.
    pub fn stop(&mut self) {
        if let Some(listening) = self.listening.take() {
            listening.abort();
        }
        for talk in self.open.lock().unwrap().drain(..) {
            talk.abort();
        }
    }

    /// Comes back on the same port.
    pub async fn come_back(&mut self) {
        let listener = super::eventually("the mail server's port", async || {
            TcpListener::bind(("127.0.0.1", self.port)).await.ok()
        })
        .await;
        self.listen_on(listener);
    }

    /// Misbehaves from now on, or behaves again.
    pub fn set_fault(&self, fault: Option<(Step, Fault)>) {
        self.state.lock().unwrap().fault = fault;
    }

    /// Hangs up whenever a letter to this address comes, as a filter does that crashes over it.
    pub fn break_over(&self, address: Option<&str>) {
        self.state.lock().unwrap().breaks_over = address.map(str::to_owned);
    }

    /// The letters to an address that came after the first so many of all, and how many all are now.
    pub fn received_since(&self, first: usize, address: &str) -> (Vec<Received>, usize) {
        let state = self.state.lock().unwrap();
        let letters = state.received.iter().skip(first).filter(|letter| letter.to == address).cloned().collect();
        (letters, state.received.len())
    }

    pub fn received(&self) -> Vec<Received> {
        self.state.lock().unwrap().received.clone()
    }

    /// Letters that came whole and were not taken.
    pub fn refused(&self) -> Vec<Received> {
        self.state.lock().unwrap().refused.clone()
    }

    pub fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    /// What clients have said, in order.
    pub fn commands(&self) -> Vec<String> {
        self.state.lock().unwrap().commands.clone()
    }

    /// Resolves when another letter arrives.
    pub async fn arrival(&self) {
        let _ = tokio::time::timeout(Duration::from_millis(50), self.arrived.notified()).await;
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What comes of a step.
enum Next {
    GoOn,
    Close,
}

async fn talk(stream: TcpStream, state: Arc<Mutex<State>>, arrived: Arc<Notify>) {
    state.lock().unwrap().connections += 1;
    let (reading, mut writing) = stream.into_split();
    let mut reading = BufReader::new(reading);
    let answer = async |writing: &mut tokio::net::tcp::OwnedWriteHalf, step: Step, good: &str| {
        let fault = state.lock().unwrap().fault.filter(|(at, _)| *at == step).map(|(_, fault)| fault);
        match fault {
            None | Some(Fault::Late(_)) => {
                if let Some(Fault::Late(time)) = fault {
                    tokio::time::sleep(time).await;
                }
                let _ = writing.write_all(format!("{good}\r\n").as_bytes()).await;
                Next::GoOn
            }
            Some(Fault::Say(text)) => {
                let _ = writing.write_all(format!("{text}\r\n").as_bytes()).await;
                Next::GoOn
            }
            Some(Fault::Close) => Next::Close,
            Some(Fault::Hang | Fault::Lose) => std::future::pending().await,
        }
    };
    let is_faulty = |step: Step| {
        let fault = state.lock().unwrap().fault;
        fault.is_some_and(|(at, fault)| at == step && !matches!(fault, Fault::Late(_)))
    };

    if matches!(answer(&mut writing, Step::Greeting, "220 test ready").await, Next::Close) {
        return;
    }
    let (mut from, mut to) = (String::new(), String::new());
    let mut line = String::new();
    loop {
        line.clear();
        if reading.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let command = line.trim_end().to_owned();
        state.lock().unwrap().commands.push(command.clone());
        let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let next = match verb.as_str() {
            "EHLO" => answer(&mut writing, Step::Ehlo, "250-test\r\n250-SMTPUTF8\r\n250 8BITMIME").await,
            "MAIL" => {
                from = address_in(&command);
                answer(&mut writing, Step::MailFrom, "250 2.1.0 ok").await
            }
            "RCPT" => {
                to = address_in(&command);
                if state.lock().unwrap().breaks_over.as_ref() == Some(&to) {
                    return;
                }
                answer(&mut writing, Step::RcptTo, "250 2.1.5 ok").await
            }
            "DATA" => {
                let refused = is_faulty(Step::Data);
                match answer(&mut writing, Step::Data, "354 go on").await {
                    Next::GoOn if !refused => {
                        let Some(raw) = read_letter(&mut reading).await else {
                            return;
                        };
                        let loses = matches!(state.lock().unwrap().fault, Some((Step::Taken, Fault::Lose)));
                        let letter = Received { from: from.clone(), to: to.clone(), raw };
                        if loses || !is_faulty(Step::Taken) {
                            state.lock().unwrap().received.push(letter);
                            arrived.notify_waiters();
                        } else {
                            state.lock().unwrap().refused.push(letter);
                        }
                        answer(&mut writing, Step::Taken, "250 2.0.0 taken").await
                    }
                    next => next,
                }
            }
            "QUIT" => {
                let _ = writing.write_all(b"221 bye\r\n").await;
                return;
            }
            _ => {
                let _ = writing.write_all(b"250 ok\r\n").await;
                Next::GoOn
            }
        };
        if matches!(next, Next::Close) {
            return;
        }
    }
}

fn address_in(command: &str) -> String {
    command
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'))
        .map(|(address, _)| address.to_owned())
        .unwrap_or_default()
}

async fn read_letter(reading: &mut BufReader<tokio::net::tcp::OwnedReadHalf>) -> Option<Vec<u8>> {
    let mut raw = Vec::new();
    loop {
        let mut line = Vec::new();
        if reading.read_until(b'\n', &mut line).await.ok()? == 0 {
            return None;
        }
        if line == b".\r\n" {
            return Some(raw);
        }
        raw.extend_from_slice(if line.starts_with(b"..") { &line[1..] } else { &line });
    }
}
