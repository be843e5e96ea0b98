//! The sockets of the API: actix-web's own server, with a [`Connection`] of ours under each client.

use std::io;
use std::net::TcpListener;
use std::time::Duration;

use actix_http::{HttpService, Protocol, Request};
use actix_server::{GracefulShutdownSignal, Server, ServerBuilder};
use actix_service::{IntoServiceFactory as _, ServiceFactoryExt as _, apply_fn_factory, fn_service, map_config};
use actix_web::dev::{AppConfig, Service as _};
use actix_web::error::DispatchError;
use actix_web::web::Data;
use tokio::net::{TcpSocket, TcpStream};

use super::connection::{Connection, Patience, Turn};
use super::spa::Spa;
use super::{Shared, app, brand};

/// Connections that have come and wait for a worker. A burst of more would have to come again, a second later.
const BACKLOG: u32 = 4096;

/// After the last answer of a connection that is closed, so that the client reads it before it hears of the end.
const LINGER: Duration = Duration::from_secs(1);

/// Requests in hand get this long to finish after SIGTERM.
const SHUTDOWN: u64 = 10;

/// What was said before the server was told to stop is heard within this time, and answered.
const LAST_WORDS: Duration = Duration::from_millis(250);

/// What the sockets are told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) workers: usize,
    /// Of all workers together.
    pub(crate) connections: usize,
    pub(crate) patience: Patience,
}

/// Begins to listen; nothing is answered before [`serve`].
pub(crate) fn listen(address: std::net::SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // So that a server that is started anew need not wait for the connections of the last one to be forgotten.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)?.into_std()
}

/// Serves until told to stop.
pub(crate) fn serve(
    rekey: &Shared,
    (spa, brand): (Option<Spa>, brand::Files),
    listener: TcpListener,
    Bounds { workers, connections, patience }: Bounds,
    told_to_stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<Server> {
    let (rekey, brand) = (rekey.clone(), Data::new(brand));
    let builder = ServerBuilder::new()
        .workers(workers)
        .max_concurrent_connections(connections.div_ceil(workers))
        .shutdown_timeout(SHUTDOWN)
        .shutdown_signal(told_to_stop);
    let stopping = builder.graceful_shutdown_signal();
    let server = builder.listen("rekey", listener, move || {
        let (stopping, ending) = (stopping.clone(), stopping.clone());
        let app = map_config(app(&rekey, (spa.as_ref(), &brand)).into_factory(), |()| AppConfig::default());
        let timed = apply_fn_factory(app, |request: Request, app| {
            let in_hand = request.conn_data::<std::rc::Rc<Turn>>().map(Turn::begin);
            let answer = app.call(request);
            async move {
                let _in_hand = in_hand;
                answer.await
            }
        });
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .keep_alive(patience.keep_alive)
            .client_request_timeout(patience.header)
            .client_disconnect_timeout(LINGER)
            .on_connect_ext(|connection: &Connection, data| {
                data.insert(connection.turn());
            })
            .finish(timed);
        fn_service(move |stream: TcpStream| first_byte(stream, patience, ending.clone())).and_then(http)
    })?;
    Ok(server.run())
}

/// Waits for a client to say something, before buffers are made for what it says. A server that stops does not wait:
/// browsers and other clients open connections ahead of need, and each would hold it up for [`SHUTDOWN`].
async fn first_byte(
    stream: TcpStream,
    patience: Patience,
    stopping: GracefulShutdownSignal,
) -> Result<(Connection, Protocol, Option<std::net::SocketAddr>), DispatchError> {
    tokio::select! {
        readable = stream.readable() => readable?,
        () = stopping.notified() => match tokio::time::timeout(LAST_WORDS, stream.readable()).await {
            Ok(readable) => readable?,
            Err(_) => return Err(DispatchError::DisconnectTimeout),
        },
        () = tokio::time::sleep(patience.header) => return Err(DispatchError::SlowRequestTimeout),
    }
    // Answers are written whole: waiting for more to send with them only delays them.
    stream.set_nodelay(true)?;
    let client = stream.peer_addr().ok();
    Ok((Connection::new(stream, patience), Protocol::Http1, client))
}
