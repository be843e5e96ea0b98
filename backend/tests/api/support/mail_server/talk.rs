//! One client, from the greeting to its goodbye.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::{Fault, Offers, Received, State, Step};

/// What comes of a step.
enum Next {
    GoOn,
    /// Nothing is said any more.
    Listen,
    Close,
}

pub(super) async fn talk(stream: TcpStream, state: Arc<Mutex<State>>, arrived: Arc<Notify>) {
    state.lock().unwrap().connections += 1;
    let (reading, mut writing) = stream.into_split();
    let mut reading = BufReader::new(reading);
    let answer = async |writing: &mut tokio::net::tcp::OwnedWriteHalf, (step, to): (Step, &str), good: &str| {
        let fault = state.lock().unwrap().fault_at(step, to);
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
            Some(Fault::Mute) => Next::Listen,
            Some(Fault::Close) => Next::Close,
            Some(Fault::Hang | Fault::Lose) => std::future::pending().await,
        }
    };
    let is_faulty = |step: Step, to: &str| {
        let fault = state.lock().unwrap().fault_at(step, to);
        fault.is_some_and(|fault| !matches!(fault, Fault::Late(_)))
    };

    if matches!(answer(&mut writing, (Step::Greeting, ""), "220 test ready").await, Next::Close) {
        return;
    }
    let (mut from, mut to, mut offers, mut taken) = (String::new(), String::new(), Offers::Nothing, 0);
    let (mut line, mut is_mute) = (String::new(), false);
    loop {
        line.clear();
        if reading.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let command = line.trim_end().to_owned();
        state.lock().unwrap().commands.push(command.clone());
        if is_mute {
            continue;
        }
        let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let next = match verb.as_str() {
            "EHLO" => {
                offers = state.lock().unwrap().offers;
                let pipelining = if offers == Offers::Nothing { "" } else { "250-PIPELINING\r\n" };
                let offered = format!("250-test\r\n250-SMTPUTF8\r\n{pipelining}250 8BITMIME");
                answer(&mut writing, (Step::Ehlo, ""), &offered).await
            }
            "MAIL" if state.lock().unwrap().letters_on_a_line == Some(taken) => {
                let _ = writing.write_all(b"421 4.7.0 enough for now\r\n").await;
                return;
            }
            "MAIL" => {
                (from, to) = (address_in(&command), String::new());
                answer(&mut writing, (Step::MailFrom, ""), "250 2.1.0 ok").await
            }
            "RCPT" => {
                to = address_in(&command);
                let refused = is_faulty(Step::RcptTo, &to);
                let next = answer(&mut writing, (Step::RcptTo, &to), "250 2.1.5 ok").await;
                if refused {
                    to.clear();
                }
                next
            }
            "DATA" if to.is_empty() && offers != Offers::PipeliningToNobody => {
                let _ = writing.write_all(b"503 5.5.1 to whom?\r\n").await;
                Next::GoOn
            }
            "DATA" => {
                let refused = is_faulty(Step::Data, &to);
                match answer(&mut writing, (Step::Data, &to), "354 go on").await {
                    Next::GoOn if !refused => {
                        let Some(raw) = read_letter(&mut reading).await else {
                            return;
                        };
                        let to = std::mem::take(&mut to);
                        let fault = state.lock().unwrap().fault_at(Step::Taken, &to);
                        let letter = Received { from: from.clone(), to: to.clone(), raw };
                        if !to.is_empty() && matches!(fault, None | Some(Fault::Late(_) | Fault::Lose)) {
                            state.lock().unwrap().received.push(letter);
                            taken += 1;
                            arrived.notify_waiters();
                        } else {
                            state.lock().unwrap().refused.push(letter);
                        }
                        let good = if to.is_empty() { "554 5.5.1 no valid recipients" } else { "250 2.0.0 taken" };
                        answer(&mut writing, (Step::Taken, &to), good).await
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
        match next {
            Next::GoOn => {}
            Next::Close => return,
            Next::Listen => is_mute = true,
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
