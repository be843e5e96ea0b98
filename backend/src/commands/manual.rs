//! `rekey completions` and `rekey man`: what clap knows of the commands, for shells and for `man`.

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{CommandLine, Failure, printed, say};

#[derive(Args)]
#[command(after_help = "For bash: rekey completions bash > ~/.local/share/bash-completion/completions/rekey")]
pub struct Completions {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    /// Prints the script.
    pub(super) fn run(&self) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut CommandLine::command(), "rekey", &mut script);
        printed(std::io::stdout().lock().write_all(&script))
    }
}

#[derive(Args)]
#[command(after_help = "To read it at once: rekey man | man -l -")]
pub struct Man {
    /// Write a page for each command into this folder, which must be there, instead of printing the first page.
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

impl Man {
    /// Prints the page, or writes them all.
    pub(super) fn run(&self) -> Result<(), Failure> {
        // `help` would have pages that only say what the others are.
        let command = CommandLine::command().disable_help_subcommand(true);
        let Some(folder) = &self.folder else {
            let mut page = Vec::new();
            clap_mangen::Man::new(command).render(&mut page)?;
            return printed(std::io::stdout().lock().write_all(&page));
        };
        clap_mangen::generate_to(command, folder)
            .map_err(|error| Failure::Failed(format!("cannot write the pages to {}: {error}", folder.display())))?;
        say(&format!("The pages are in {}.", folder.display()))
    }
}
