//! A client's connection, which is not waited for longer than is right. actix-web times the first request's head and a
//! connection without requests; a second head that comes byte by byte, a body that nobody reads, and an answer that the
//! client does not take it would wait for as long as they like.

use std::cell::Cell;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

/// How long clients are waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the first byte, and then for all of a request's head.
    pub header: Duration,
    /// For the next request.
    pub keep_alive: Duration,
    /// For the client to take what was last written, 32 KiB or so.
    pub answer: Duration,
}

/// What is read before an answer is written again: each read may bring many requests with answers that are larger.
const READ_AT_ONCE: usize = 16 * 1024;

/// actix-web's own time-outs come first: they answer 408.
const SLACK: Duration = Duration::from_secs(1);

/// Whose turn it is on a connection, known to its stream and to its requests.
pub(super) struct Turn {
    is_servers: Cell<bool>,
    /// When the client's turn began, and how long it may take.
    since: Cell<Instant>,
    allowed: Cell<Duration>,
    /// How long each later one may take.
    between_requests: Duration,
}

/// A request that the server is at.
pub(super) struct InHand(Rc<Turn>);

impl Turn {
    /// A request's head has come.
    pub(super) fn begin(self: &Rc<Self>) -> InHand {
        self.is_servers.set(true);
        InHand(Rc::clone(self))
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        self.0.is_servers.set(false);
        self.0.since.set(Instant::now());
        self.0.allowed.set(self.0.between_requests);
    }
}

/// The stream of a connection.
pub(super) struct Connection<S = TcpStream> {
    stream: S,
    turn: Rc<Turn>,
    /// How long the client may take for an answer.
    for_answer: Duration,
    timer: Pin<Box<Sleep>>,
    /// Since when the client takes too little of an answer.
    blocked: Option<Instant>,
    /// What was read since something was written.
    read: usize,
    /// The reader was sent away until the client takes its answers.
    is_reader_waiting: bool,
}

impl<S> Connection<S> {
    pub(super) fn new(stream: S, patience: Patience) -> Self {
        let now = Instant::now();
        let allowed = patience.header + SLACK;
        Self {
            stream,
            turn: Rc::new(Turn {
                is_servers: Cell::new(false),
                since: Cell::new(now),
                allowed: Cell::new(allowed),
                between_requests: patience.keep_alive + patience.header,
            }),
            for_answer: patience.answer,
            timer: Box::pin(sleep_until(now + allowed)),
            blocked: None,
            read: 0,
            is_reader_waiting: false,
        }
    }

    pub(super) fn turn(&self) -> Rc<Turn> {
        Rc::clone(&self.turn)
    }

    /// Until when the client is waited for.
    fn deadline(&self) -> Option<Instant> {
        match self.blocked {
            Some(since) => Some(since + self.for_answer),
            None if self.turn.is_servers.get() => None,
            None => Some(self.turn.since.get() + self.turn.allowed.get()),
        }
    }

    /// Whether the client was waited for long enough; if not, the connection's task is woken when it was.
    fn poll_patience(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(deadline) = self.deadline() else { return Poll::Pending };
        loop {
            if Instant::now() >= deadline {
                return Poll::Ready(());
            }
            // A timer that goes off early is set anew then, which is cheaper than at every answer.
            if self.timer.deadline() > deadline {
                self.timer.as_mut().reset(deadline);
            }
            ready!(self.timer.as_mut().poll(context));
            self.timer.as_mut().reset(deadline);
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Connection<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.blocked.is_some() {
            // Who does not take answers is asked for no more requests: their answers would pile up in memory.
            this.is_reader_waiting = true;
        } else if this.read >= READ_AT_ONCE {
            // Once more when what these requests are answered is on its way.
            context.waker().wake_by_ref();
            return Poll::Pending;
        } else {
            let before = buffer.filled().len();
            if let Poll::Ready(outcome) = Pin::new(&mut this.stream).poll_read(context, buffer) {
                this.read += buffer.filled().len() - before;
                return Poll::Ready(outcome);
            }
        }
        // As if the client had hung up.
        this.poll_patience(context).map(Ok)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Connection<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if let Poll::Ready(outcome) = Pin::new(&mut this.stream).poll_write(context, bytes) {
            this.turn.since.set(Instant::now());
            return Poll::Ready(outcome);
        }
        this.blocked.get_or_insert_with(Instant::now);
        ready!(this.poll_patience(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Called by actix-web each time when it has written everything that it had.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        this.blocked = None;
        this.read = 0;
        if std::mem::take(&mut this.is_reader_waiting) {
            context.waker().wake_by_ref();
        }
        if this.poll_patience(context).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Pin::new(&mut this.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    use super::*;

    const PATIENCE: Patience =
        Patience { header: Duration::from_secs(1), keep_alive: Duration::from_secs(1), answer: Duration::from_secs(1) };

    fn connected(buffer: usize) -> (Connection<DuplexStream>, DuplexStream) {
        let (server, client) = duplex(buffer);
        (Connection::new(server, PATIENCE), client)
    }

    async fn is_stuck(outcome: impl Future) -> bool {
        tokio::select! {
            biased;
            _ = outcome => false,
            () = tokio::task::yield_now() => true,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_takes_no_answers_is_asked_for_no_more_requests() {
        let (mut connection, mut client) = connected(64);
        client.write_all(b"one more").await.unwrap();
        assert!(is_stuck(connection.write_all(&[0; 65])).await);
        let mut request = [0; 8];
        assert!(is_stuck(connection.read_exact(&mut request)).await);
        client.read_exact(&mut [0; 64]).await.unwrap();
        connection.flush().await.unwrap();
        connection.read_exact(&mut request).await.unwrap();
        assert_eq!(&request, b"one more");
    }

    #[tokio::test(start_paused = true)]
    async fn who_takes_no_answers_is_given_up() {
        let (mut connection, _client) = connected(64);
        assert_eq!(connection.write_all(&[0; 65]).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn only_so_much_is_read_before_something_is_answered() {
        let (mut connection, mut client) = connected(4 * READ_AT_ONCE);
        client.write_all(&vec![0; 2 * READ_AT_ONCE]).await.unwrap();
        let mut some = [0; READ_AT_ONCE];
        connection.read_exact(&mut some).await.unwrap();
        assert!(is_stuck(connection.read_exact(&mut some)).await);
        connection.flush().await.unwrap();
        connection.read_exact(&mut some).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_in_hand_is_not_the_clients_to_hurry() {
        let (mut connection, _client) = connected(64);
        let in_hand = connection.turn().begin();
        let mut byte = [0];
        assert!(tokio::time::timeout(Duration::from_mins(1), connection.read(&mut byte)).await.is_err());
        drop(in_hand);
        let started = Instant::now();
        assert_eq!(connection.read(&mut byte).await.unwrap(), 0);
        assert_eq!(started.elapsed().as_secs(), 2);
    }
}
