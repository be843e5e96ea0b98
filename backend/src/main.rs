//! The program `rekey`: reads the command line and delegates.

use std::process::ExitCode;

use rekey::commands::{self, CommandLine};
use rekey::huge_pages;

fn main() -> ExitCode {
    huge_pages::start_with_them();
    let command_line = match CommandLine::read() {
        Ok(command_line) => command_line,
        // clap explains itself: help and version on stdout with 0, wrong usage on stderr with 2.
        Err(explained) => explained.exit(),
    };
    match commands::run(command_line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("rekey: {failure}");
            failure.exit_code()
        }
    }
}
