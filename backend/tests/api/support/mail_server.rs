//! A real SMTP server on a port of its own, which can be told to misbehave at any step.

mod talk;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use talk::talk;

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
    /// Says nothing more, and listens.
    Mute,
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
    fault_over: Option<(String, Step, Fault)>,
    offers: Offers,
    letters_on_a_line: Option<usize>,
    connections: usize,
    commands: Vec<String>,
}

/// What it says at EHLO of commands that are said at once (RFC 2920).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Offers {
    #[default]
    Pipelining,
    /// And it asks for a letter although it knows nobody to whom that could go, as the RFC lets it.
    PipeliningToNobody,
    Nothing,
}

impl Offers {
    pub const ALL: [Self; 3] = [Self::Pipelining, Self::PipeliningToNobody, Self::Nothing];
}

impl State {
    /// What goes wrong at this step of a letter to this address.
    fn fault_at(&self, step: Step, to: &str) -> Option<Fault> {
        let over =
            self.fault_over.as_ref().filter(|(address, _, _)| address == to).map(|(_, step, fault)| (*step, *fault));
        self.fault.into_iter().chain(over).find(|(at, _)| *at == step).map(|(_, fault)| fault)
    }
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

    /// Misbehaves whenever a letter to this address comes, as a filter does that crashes over it.
    pub fn set_fault_over(&self, address: &str, fault: Option<(Step, Fault)>) {
        self.state.lock().unwrap().fault_over = fault.map(|(step, fault)| (address.to_owned(), step, fault));
    }

    /// Offers this at the next EHLO.
    pub fn set_offers(&self, offers: Offers) {
        self.state.lock().unwrap().offers = offers;
    }

    /// Takes so many letters on a connection and closes it then, with a word.
    pub fn set_letters_on_a_line(&self, number: usize) {
        self.state.lock().unwrap().letters_on_a_line = Some(number);
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
