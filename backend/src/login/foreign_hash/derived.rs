//! PBKDF2 and scrypt: functions that make bytes of a password and a salt, and three ways in which people write them down.

use argon2::password_hash::phc::Output;
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use super::{NotTaken, SHORTEST};

const PBKDF2_ITERATIONS: usize = 2_000_000;
const SCRYPT_BYTES: u128 = 256 << 20;
/// Memory times parallelism.
const SCRYPT_WORK: u128 = 1 << 30;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(super) struct Derived {
    function: Function,
    salt: Vec<u8>,
    output: Output,
}

enum Function {
    Pbkdf2(Digest, u32),
    Scrypt(scrypt::Params),
}

#[derive(Clone, Copy)]
enum Digest {
    Sha1 = 20,
    Sha256 = 32,
    Sha512 = 64,
}

impl Derived {
    pub(super) fn parse(text: &str) -> Result<Self, NotTaken> {
        let fields: Vec<&str> = text.split('$').collect();
        match fields[..] {
            ["", "scrypt", params, salt, hash] => scrypt_phc(params, salt, hash),
            ["scrypt", n, salt, r, p, hash] => scrypt_django(n, salt, (r, p), hash),
            ["", "scrypt", ..] | ["scrypt", ..] => Err(NotTaken::Damaged("scrypt")),
            ["", name, params, salt, hash] if name.starts_with("pbkdf2") => pbkdf2_phc(name, params, salt, hash),
            [name, iterations, salt, hash] if name.starts_with("pbkdf2_") => {
                pbkdf2(digest(name)?, iterations.parse().ok(), Some(salt.into()), hash)
            }
            ["", name, ..] | [name, ..] if name.starts_with("pbkdf2") => Err(NotTaken::Damaged("PBKDF2")),
            _ => Err(NotTaken::Unknown),
        }
    }

    pub(super) fn fits(&self, password: &[u8]) -> bool {
        let mut bytes = [0; Output::MAX_LENGTH];
        let bytes = &mut bytes[..self.output.len()];
        match &self.function {
            Function::Pbkdf2(Digest::Sha1, rounds) => pbkdf2_hmac::<Sha1>(password, &self.salt, *rounds, bytes),
            Function::Pbkdf2(Digest::Sha256, rounds) => pbkdf2_hmac::<Sha256>(password, &self.salt, *rounds, bytes),
            Function::Pbkdf2(Digest::Sha512, rounds) => pbkdf2_hmac::<Sha512>(password, &self.salt, *rounds, bytes),
            Function::Scrypt(params) => {
                if scrypt::scrypt(password, &self.salt, params, bytes).is_err() {
                    return false;
                }
            }
        }
        // `Output` compares in constant time.
        Output::new(bytes).is_ok_and(|output| output == self.output)
    }
}

/// passlib has the iterations alone, everybody else `i=…` and perhaps `l=…`, the length, which the hash itself shows.
fn pbkdf2_phc(name: &str, params: &str, salt: &str, hash: &str) -> Result<Derived, NotTaken> {
    let iterations = match params.strip_prefix("i=") {
        Some(named) => named.split_once(",l=").map_or(named, |(iterations, _)| iterations),
        None => params,
    };
    pbkdf2(digest(name)?, iterations.parse().ok(), bytes(salt), hash)
}

fn digest(name: &str) -> Result<Digest, NotTaken> {
    match name {
        "pbkdf2" | "pbkdf2-sha1" | "pbkdf2_sha1" => Ok(Digest::Sha1),
        "pbkdf2-sha256" | "pbkdf2_sha256" => Ok(Digest::Sha256),
        "pbkdf2-sha512" | "pbkdf2_sha512" => Ok(Digest::Sha512),
        _ => Err(NotTaken::Unknown),
    }
}

fn pbkdf2(digest: Digest, iterations: Option<u32>, salt: Option<Vec<u8>>, hash: &str) -> Result<Derived, NotTaken> {
    let (Some(iterations @ 1..), Some(salt), Some(output)) = (iterations, filled(salt), output(hash)) else {
        return Err(NotTaken::Damaged("PBKDF2"));
    };
    // A hash longer than the digest takes all iterations again for each further part.
    let parts = output.len().div_ceil(digest as usize);
    if usize::try_from(iterations).unwrap_or(usize::MAX).saturating_mul(parts) > PBKDF2_ITERATIONS {
        return Err(NotTaken::TooCostly("2,000,000 iterations for PBKDF2"));
    }
    Ok(Derived { function: Function::Pbkdf2(digest, iterations), salt, output })
}

fn scrypt_phc(params: &str, salt: &str, hash: &str) -> Result<Derived, NotTaken> {
    let numbers: Option<Vec<u32>> = params
        .split(',')
        .zip(["ln=", "r=", "p="])
        .map(|(param, name)| param.strip_prefix(name).and_then(|number| number.parse().ok()))
        .collect();
    match numbers.as_deref() {
        Some(&[log_n, r, p]) => scrypt(log_n, (r, p), bytes(salt), hash),
        _ => Err(NotTaken::Damaged("scrypt")),
    }
}

fn scrypt_django(n: &str, salt: &str, (r, p): (&str, &str), hash: &str) -> Result<Derived, NotTaken> {
    match (n.parse::<u64>(), r.parse(), p.parse()) {
        (Ok(n), Ok(r), Ok(p)) if n.is_power_of_two() => scrypt(n.ilog2(), (r, p), Some(salt.into()), hash),
        _ => Err(NotTaken::Damaged("scrypt")),
    }
}

fn scrypt(log_n: u32, (r, p): (u32, u32), salt: Option<Vec<u8>>, hash: &str) -> Result<Derived, NotTaken> {
    let (log_n @ 1..64, Some(salt), Some(output)) = (log_n, filled(salt), output(hash)) else {
        return Err(NotTaken::Damaged("scrypt"));
    };
    let memory = (128 << log_n) * u128::from(r);
    // Beside it, each parallel run has a block of its own.
    let blocks = 128 * u128::from(r) * u128::from(p);
    if memory.max(blocks) > SCRYPT_BYTES || memory * u128::from(p) > SCRYPT_WORK {
        return Err(NotTaken::TooCostly("256 MiB, and 1 GiB for all of its parallel runs, for scrypt"));
    }
    let params = u8::try_from(log_n).ok().and_then(|log_n| scrypt::Params::new(log_n, r, p).ok());
    let params = params.ok_or(NotTaken::Damaged("scrypt"))?;
    Ok(Derived { function: Function::Scrypt(params), salt, output })
}

/// Base64 with or without padding; passlib writes "." for "+".
fn bytes(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text.replace('.', "+")).ok()
}

fn filled(salt: Option<Vec<u8>>) -> Option<Vec<u8>> {
    salt.filter(|salt| !salt.is_empty())
}

fn output(hash: &str) -> Option<Output> {
    bytes(hash).filter(|bytes| bytes.len() >= SHORTEST).and_then(|bytes| Output::new(&bytes).ok())
}
