//! How long each of the pieces takes that an answer or a letter is made of, by itself: no HTTP, no database, no mail server.

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use criterion::{BatchSize, Criterion};
use rekey::fuzz::Tokens;
use rekey::pieces::{Letters, broken_rules, fingerprint, token};
use rekey_shared::email_address::EmailAddress;
use rekey_shared::secret::Secret;

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default().configure_from_args();
    addresses(&mut criterion);
    tokens(&mut criterion);
    passwords(&mut criterion);
    letters(&mut criterion)?;
    criterion.final_summary();
    Ok(())
}

fn addresses(criterion: &mut Criterion) {
    for (name, text) in [("ascii", "Ann.Example+desk@Example.com"), ("international", "юлия@пример.рф")] {
        criterion.bench_function(&format!("address/{name}"), |bencher| {
            bencher.iter(|| EmailAddress::parse(black_box(text)));
        });
    }
}

fn tokens(criterion: &mut Criterion) {
    let link = token();
    criterion.bench_function("token/generate", |bencher| bencher.iter(token));
    criterion.bench_function("token/fingerprint", |bencher| bencher.iter(|| fingerprint(black_box(link.expose()))));
    let access = Tokens::new();
    let known = access.issue();
    criterion.bench_function("access token/issue", |bencher| bencher.iter(|| access.issue()));
    // One that was found good before is remembered, so each of these is of another session.
    let mut sessions = 0_u64..;
    criterion.bench_function("access token/verify", |bencher| {
        let fresh = || access.issue_for(&sessions.next().unwrap_or_default().to_string());
        bencher.iter_batched(fresh, |token| access.accept(&token), BatchSize::SmallInput);
    });
    criterion.bench_function("access token/verify again", |bencher| bencher.iter(|| access.accept(black_box(&known))));
}

fn passwords(criterion: &mut Criterion) {
    let names = ["ann", "ann@example.com", "Acme Desk"];
    let rare = Secret::from("correct horse battery staple".to_owned());
    let common = Secret::from("PasswordPassword".to_owned());
    // Nothing but one character, as long as may be: no password takes longer to be looked for among the common ones.
    let longest = Secret::from("\u{fb}".repeat(512));
    for (name, password) in [("accepted", &rare), ("common", &common), ("longest", &longest)] {
        criterion.bench_function(&format!("password rules/{name}"), |bencher| {
            bencher.iter(|| broken_rules(black_box(password), black_box(&names)));
        });
    }
}

fn letters(criterion: &mut Criterion) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let plain = Letters::new(&[]);
    let url = "https://desk.example/reset#AbCdEfGhIjKlMnOpQrStUvWx";
    let password = Secret::from("abcd-efgh-ijkl-mnop-qrst".to_owned());
    criterion.bench_function("letter/link", |bencher| bencher.iter(|| plain.reset_link(black_box(url))));
    criterion.bench_function("letter/password", |bencher| bencher.iter(|| plain.new_password(black_box(&password))));
    let letter = plain.reset_link(url)?;
    criterion.bench_function("mime/unsigned", |bencher| bencher.iter(|| plain.mime(black_box(&letter))));
    for (name, algorithm) in [("Ed25519", "ed25519"), ("RSA of 2048 bits", "rsa")] {
        let signing = Letters::new(&[
            "--public-url=https://desk.example",
            "--dkim-domain=desk.example",
            "--dkim-selector=bench",
            &format!("--dkim-key-file={}", key(folder.path(), algorithm)?),
        ]);
        criterion.bench_function(&format!("mime/signed, {name}"), |bencher| {
            bencher.iter(|| signing.mime(black_box(&letter)));
        });
    }
    Ok(())
}

/// Made as an operator makes it.
fn key(folder: &Path, algorithm: &str) -> Result<String, Box<dyn Error>> {
    let file = folder.join(algorithm).display().to_string();
    let made = Command::new("openssl").args(["genpkey", "-quiet", "-algorithm", algorithm, "-out", &file]).output()?;
    if made.status.success() { Ok(file) } else { Err(String::from_utf8_lossy(&made.stderr).into()) }
}
