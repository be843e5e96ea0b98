use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use rekey_shared::paths;

use super::{Failure, say};
use crate::config::Config;

const TIMEOUT: Duration = Duration::from_secs(5);

/// Asks `/health/ready`: for containers and supervisors, which have no curl.
pub(super) fn run(config: &Config) -> Result<(), Failure> {
    let address = reachable(config.listen);
    let fault = |error: &dyn std::fmt::Display| Failure::Failed(format!("no server answers on {address}: {error}"));
    let status = ask(address).map_err(|error| fault(&error))?;
    match status.as_str() {
        "200" => say("ready"),
        other => Err(Failure::Failed(format!("the server on {address} is not ready (status {other})"))),
    }
}

/// A server that listens everywhere is asked on loopback.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(address) if address.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(address) if address.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        other => other,
    };
    SocketAddr::new(ip, listen.port())
}

fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    write!(stream, "GET {} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n", paths::HEALTH_READY)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let text = String::from_utf8_lossy(&answer);
    Ok(text.split(' ').nth(1).unwrap_or("none").to_owned())
}
