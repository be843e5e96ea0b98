//! Argon2id with Rekey's parameters, on every core, in memory that is taken once.

use std::time::{Duration, Instant};

use argon2::password_hash::PasswordHasher as _;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use serde_json::json;

use crate::Measured;

fn argon2() -> Result<Argon2<'static>, argon2::Error> {
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None)?))
}

/// Hashes a second.
pub(crate) fn hash_for(seconds: u64) -> Measured {
    let cores = std::thread::available_parallelism()?.get();
    let (began, time) = (Instant::now(), Duration::from_secs(seconds));
    let threads: Vec<_> = (0..cores).map(|_| std::thread::spawn(move || hash_until(began + time))).collect();
    let mut hashes = 0;
    for thread in threads {
        hashes += thread.join().map_err(|_| "a thread panicked")??;
    }
    Ok(json!({"per_s": f64::from(hashes) / began.elapsed().as_secs_f64(), "cores": cores}))
}

fn hash_until(end: Instant) -> Result<u32, argon2::Error> {
    let argon2 = argon2()?;
    let mut memory = vec![Block::new(); argon2.params().block_count()];
    let (mut hashes, mut output) = (0_u32, [0; 32]);
    while Instant::now() < end {
        let salt = u128::from(hashes).to_le_bytes();
        argon2.hash_password_into_with_memory(b"correct horse battery staple", &salt, &mut output, &mut memory)?;
        hashes += 1;
    }
    Ok(hashes)
}

/// A hash for the database.
pub(crate) fn phc(password: &str) -> Measured {
    let hash: PasswordHash = argon2()?.hash_password_with_salt(password.as_bytes(), b"sixteen bytes...")?;
    Ok(json!(hash.to_string()))
}
