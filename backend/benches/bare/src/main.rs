//! What `make bench` measures Rekey against: each the bare work in a loop, by the same crates, with nothing round it.

mod argon;
mod echo;
mod journeys;
mod letters;
mod rows;

use std::error::Error;

/// What a loop did, in JSON.
type Measured = Result<serde_json::Value, Box<dyn Error>>;

const USAGE: &str = "rekey-bare rows FILE SECONDS | argon2 SECONDS | hash PASSWORD | echo PORT | commit PORT FILE | \
    letters ADDRESS FILE SECONDS | journeys SERVER MAIL PEOPLE SECONDS";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let measured = match arguments[..] {
        ["rows", file, seconds] => rows::insert(file, seconds.parse()?)?,
        ["argon2", seconds] => argon::hash_for(seconds.parse()?)?,
        ["hash", password] => argon::phc(password)?,
        ["echo", port] => echo::serve(port.parse()?).await?,
        ["commit", port, file] => echo::commit(port.parse()?, file).await?,
        ["letters", address, file, seconds] => letters::send(address, file, seconds.parse()?).await?,
        ["journeys", server, mail, people, seconds] => {
            journeys::live(server, mail, people.parse()?, seconds.parse()?).await?
        }
        _ => return Err(USAGE.into()),
    };
    println!("{measured}");
    Ok(())
}
