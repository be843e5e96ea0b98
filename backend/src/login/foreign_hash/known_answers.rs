//! Hashes that the other systems themselves made: Django 5.2.19, passlib 1.7.4, argon2-cffi 25.1.0, bcrypt 4.0.1 and
//! Python 3.11's hashlib, with small parameters so that the tests are quick.

use super::{ForeignHash, NotTaken};

const PASSWORD: &str = "Tr0ub4dor & Söhne";

const HASHES: &[(&str, &str)] = &[
    ("Django", "pbkdf2_sha256$1000$saltsaltsalt$pMzrvUBYJ/KkalmDaV0ZbD6728OH5S65stPnAh4eHps="),
    ("Django", "pbkdf2_sha1$1000$saltsaltsalt$49heX9bZ2WLG6L/ljO31dXRI7uc="),
    ("Django", "argon2$argon2id$v=19$m=64,t=1,p=8$c2FsdHNhbHRzYWx0$U493hAUndiZ/28vask7ByxOYZgGXD93wnKSza8rwBFU"),
    ("Django", "bcrypt_sha256$$2b$04$u6ohgXEgbZ7PFiYkD7qJrOFk2c3XTR4HaIHRq9HDxLFpF66q8R5lS"),
    ("Django", "bcrypt$$2b$04$DOcyVeBX3ag4f4Uw0YPpOur5.QV0KN83wsFEx6JE03UVkBBybc5Aq"),
    (
        "Django",
        "scrypt$1024$saltsaltsalt$8$5$A9OZTg9MzkNBkoXZYJ47NYmJAiD6Ot+83Am/lrsu1haE9+AKQFmUQb4Zi6a1RUscioXlR0opDafudSZx5OXHhg==",
    ),
    ("argon2-cffi", "$argon2i$v=19$m=64,t=1,p=2$xbUO92m1lnlGhJGioEZYag$O3vdaJYP311hRv/gK+1ta/zWgQ/Xk8Yucx5qrYE9BSc"),
    ("argon2-cffi", "$argon2d$v=19$m=64,t=1,p=2$Co6doaiDOYB/s1Aeg15Onw$mLQNJ4MUHl8zS0Fhd5dupAzpwBjMf3qJslG6VtGurbE"),
    ("argon2-cffi", "$argon2id$v=19$m=64,t=1,p=2$XdXKShXRM3xvjXRc78+6UA$Niq3s+WjDgnTgpncwhCvJ2+eqimmIwtOBSm7cH76kzE"),
    ("argon2-cffi", "$argon2i$v=16$m=64,t=2,p=1$c2FsdHNhbHRzYWx0$zKbmll3uHMsjS2bZmyhzhZrXKCqDwtH35crwWZnQNYo"),
    (
        "argon2-cffi, as older ones wrote it",
        "$argon2i$m=64,t=2,p=1$c2FsdHNhbHRzYWx0$zKbmll3uHMsjS2bZmyhzhZrXKCqDwtH35crwWZnQNYo",
    ),
    ("bcrypt", "$2b$04$61ec7zxBQQ07BhyPDSl.aOQGnTkIDWTucbvFNXu8DFYa.Y0pEHnAa"),
    ("bcrypt", "$2a$04$vaYLUBcHFcr3qGa1LNKskuw49HbLLqpMm10GD23i0o83q26uT5dE2"),
    ("passlib", "$2y$04$AOLiOBHof00cuAOmfUbRLOzV6KTPrg4.f4On/JveeO25xH/Kzn1Ki"),
    ("passlib", "$pbkdf2-sha256$1000$9N5ba.3d2/s/51xLCSEkpA$61XXcJeO3np9T1UIaCY7QZhix/qD/fz553IhWscwbjc"),
    (
        "passlib",
        "$pbkdf2-sha512$1000$5lwrxVjrXUsJYYyRUipFaA$1kmveU8824k8M5LbnxgXmOqCLZmJTrho46/CH4uHeCYtevEdHPRnrJ9/Km9bc5Dm13fYqQwsrBr7MtXXvB..4A",
    ),
    ("passlib", "$pbkdf2$1000$Xqt1LmWMMUaoNeY8p3SO8Q$D9Ye.Goo7odmxiEkvYjneZZL7SA"),
    ("passlib", "$scrypt$ln=10,r=8,p=1$UyqF8H6PkdIao3Tu3buX8g$wjn43UhMPfR50d5sKrK9/SPrQoYFd718Z4T5AkThWCw"),
    ("hashlib", "$pbkdf2-sha256$i=1000,l=32$c2l4dGVlbiBieXRlcyAxNg$pEmQpKyeWJpeCzfjuXDMbjU9ZfabG4Kdq12/PdLIoeM"),
    (
        "hashlib",
        "$pbkdf2-sha512$i=1000,l=64$c2l4dGVlbiBieXRlcyAxNg$9zQdCf4tg1EcuW54kRZbqWM6qMaeSFw6duooZ+Kg0E5VPFtsWg0zZoiCT+axhvgxX64qbooiUflrxQiYh9iGcw",
    ),
];

fn taken(text: &str) -> Option<NotTaken> {
    ForeignHash::parse(text).err()
}

#[test]
fn the_password_fits_each_systems_hash_and_no_other_does() {
    for (system, text) in HASHES {
        let hash = ForeignHash::parse(text).unwrap_or_else(|error| panic!("{system}: {text}: {error}"));
        assert!(hash.fits(PASSWORD), "{system}: {text}");
        for other in ["", "Tr0ub4dor & Söhnf", "Tr0ub4dor & So\u{308}hne"] {
            assert!(!hash.fits(other), "{system}: {text}: {other}");
        }
    }
}

#[test]
fn a_stored_hash_is_read_as_the_same_and_never_passes_for_one_of_rekeys_own() {
    for (system, text) in HASHES {
        let stored = ForeignHash::stored(text);
        assert!(ForeignHash::parse(&stored).unwrap().fits(PASSWORD), "{system}: {stored}");
        assert!(super::super::password::is_outdated(&stored));
    }
    let like_ours = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$zKbmll3uHMsjS2bZmyhzhZrXKCqDwtH35crwWZnQNYo";
    assert!(super::super::password::is_outdated(&ForeignHash::stored(like_ours)));
}

#[test]
fn bcrypt_looks_at_72_bytes_as_the_other_system_did() {
    // Of 72 times "x".
    let hash = ForeignHash::parse("$2b$04$b7FV3SdY8TOT/gr/JnDSEO/6k84UNJ.Se9.OnvmcWp1ncOmS5jy12").unwrap();
    assert!(hash.fits(&"x".repeat(72)));
    assert!(hash.fits(&"x".repeat(100)));
    assert!(!hash.fits(&"x".repeat(71)));
}

#[test]
fn a_damaged_hash_is_not_taken() {
    for (system, text) in HASHES {
        // All that is cut off within the first 15 bytes of the hash itself; bcrypt's has a fixed length.
        let least = if text.contains("$2") { text.len() } else { text.rfind('$').unwrap() + 22 };
        for length in 0..least {
            assert!(taken(&text[..length]).is_some(), "{system}: {}", &text[..length]);
        }
    }
    for text in [
        "pbkdf2_sha256$1000$saltsaltsalt$",
        "pbkdf2_sha256$0$saltsaltsalt$pMzrvUBYJ/KkalmDaV0ZbD6728OH5S65stPnAh4eHps=",
        "pbkdf2_sha256$-1$saltsaltsalt$pMzrvUBYJ/KkalmDaV0ZbD6728OH5S65stPnAh4eHps=",
        "pbkdf2_sha256$1000$$pMzrvUBYJ/KkalmDaV0ZbD6728OH5S65stPnAh4eHps=",
        "scrypt$1000$saltsaltsalt$8$5$A9OZTg9MzkNBkoXZYJ47NYmJAiD6Ot+83Am/lrsu1ha=",
        "$scrypt$ln=10,r=8$UyqF8H6PkdIao3Tu3buX8g$wjn43UhMPfR50d5sKrK9/SPrQoYFd718Z4T5AkThWCw",
        "$scrypt$ln=10,r=0,p=1$UyqF8H6PkdIao3Tu3buX8g$wjn43UhMPfR50d5sKrK9/SPrQoYFd718Z4T5AkThWCw",
        "$2b$03$61ec7zxBQQ07BhyPDSl.aOQGnTkIDWTucbvFNXu8DFYa.Y0pEHnAa",
        "$argon2id$v=19$m=64,t=1,p=2$XdXKShXRM3xvjXRc78+6UA",
        "$argon2xx$v=19$m=64,t=1,p=2$XdXKShXRM3xvjXRc78+6UA$Niq3s+WjDgnTgpncwhCvJ2+eqimmIwtOBSm7cH76kzE",
    ] {
        assert!(matches!(taken(text), Some(NotTaken::Damaged(_))), "{text}: {:?}", taken(text));
    }
    for text in [
        "",
        "plain text",
        "$1$salt$hash",
        "$6$salt$hash",
        "$2x$04$61ec7zxBQQ07BhyPDSl.aOQGnTkIDWTucbvFNXu8DFYa.Y0pEHnAa",
        "md5$salt$hash",
    ] {
        assert_eq!(taken(text), Some(NotTaken::Unknown), "{text}");
    }
}

#[test]
fn a_hash_that_would_burn_the_server_is_not_taken() {
    for (within, beyond) in [
        ("m=262144,t=1,p=2", "m=262145,t=1,p=2"),
        ("m=64,t=10,p=2", "m=64,t=11,p=2"),
        ("m=4096,t=1,p=16", "m=4096,t=1,p=17"),
    ] {
        let hash = |params| {
            format!("$argon2id$v=19${params}$XdXKShXRM3xvjXRc78+6UA$Niq3s+WjDgnTgpncwhCvJ2+eqimmIwtOBSm7cH76kzE")
        };
        assert_eq!(taken(&hash(within)), None);
        assert!(matches!(taken(&hash(beyond)), Some(NotTaken::TooCostly(_))), "{beyond}");
    }
    let bcrypt = |cost| format!("$2b${cost}$61ec7zxBQQ07BhyPDSl.aOQGnTkIDWTucbvFNXu8DFYa.Y0pEHnAa");
    let short = |iterations| format!("pbkdf2_sha256${iterations}$salt$pMzrvUBYJ/KkalmDaV0ZbD6728OH5S65stPnAh4eHps=");
    let long = |iterations| format!("$pbkdf2-sha256$i={iterations},l=48$c2l4dGVlbiBieXRlcyAxNg${}", "A".repeat(64));
    let scrypt =
        |params| format!("$scrypt${params}$UyqF8H6PkdIao3Tu3buX8g$wjn43UhMPfR50d5sKrK9/SPrQoYFd718Z4T5AkThWCw");
    for (within, beyond) in [
        (bcrypt("14"), bcrypt("15")),
        (short("2000000"), short("2000001")),
        (long("1000000"), long("1000001")),
        (scrypt("ln=18,r=8,p=4"), scrypt("ln=18,r=8,p=5")),
        (scrypt("ln=13,r=8,p=128"), scrypt("ln=19,r=8,p=1")),
        (scrypt("ln=1,r=8,p=1"), scrypt("ln=63,r=4294967295,p=4294967295")),
    ] {
        assert_eq!(taken(&within), None, "{within}");
        assert!(matches!(taken(&beyond), Some(NotTaken::TooCostly(_))), "{beyond}");
    }
}
