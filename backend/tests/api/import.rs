//! `rekey account import`: the accounts of another system, all or none.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Output, Stdio};

use reqwest::StatusCode;

use crate::support::app::{App, assert_problem, json_of};
use crate::support::{database, on_both_databases};

const ANN: &str = "ann@example.com";
const PASSWORD: &str = "Tr0ub4dor & Söhne";
const OURS: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// Each made by its system; `login/foreign_hash/known_answers.rs` says in which version.
const HASHES: [&str; 6] = [
    "pbkdf2_sha256$1000$saltsaltsalt$pMzrvUBYJ/KkalmDaV0ZbD6728OH5S65stPnAh4eHps=",
    "argon2$argon2id$v=19$m=64,t=1,p=8$c2FsdHNhbHRzYWx0$U493hAUndiZ/28vask7ByxOYZgGXD93wnKSza8rwBFU",
    "bcrypt_sha256$$2b$04$u6ohgXEgbZ7PFiYkD7qJrOFk2c3XTR4HaIHRq9HDxLFpF66q8R5lS",
    "$2y$04$AOLiOBHof00cuAOmfUbRLOzV6KTPrg4.f4On/JveeO25xH/Kzn1Ki",
    "$scrypt$ln=10,r=8,p=1$UyqF8H6PkdIao3Tu3buX8g$wjn43UhMPfR50d5sKrK9/SPrQoYFd718Z4T5AkThWCw",
    "$argon2id$v=19$m=64,t=1,p=2$XdXKShXRM3xvjXRc78+6UA$Niq3s+WjDgnTgpncwhCvJ2+eqimmIwtOBSm7cH76kzE",
];

/// Imports what is written to standard input.
fn imports(app: &App, file: impl AsRef<[u8]>, flags: &[&str]) -> Output {
    let mut command = app.rekey(&[&["account", "import", "-"], flags].concat());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // What stops at the first line does not read the rest.
    let _ = child.stdin.take().unwrap().write_all(file.as_ref());
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn accounts(app: &App) -> i64 {
    app.count("SELECT COUNT(*) AS count FROM accounts")
}

on_both_databases! {
    async fn people_are_imported_and_come_in_by_a_forgotten_password(database) {
        let app = App::start(database).await;
        let file = app.folder.path().join("people.csv");
        std::fs::write(&file, "\u{feff}email,user_name,locale,role,name\r\nAnn@Example.com, ann ,it,admin,\"Smith, \"\"Ann\"\"\"\r\n\r\nbea@example.com,bea,,,\r\n").unwrap();
        let output = app.rekey(&["account", "import", file.to_str().unwrap()]).output().unwrap();
        assert_eq!(said(&output), (0, "Imported 2 accounts; 0 lines were refused.\n".to_owned(), String::new()));
        let listed = app.rekey(&["account", "list", "--json"]).output().unwrap();
        let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
        assert_eq!(listed[0]["user_name"], "ann");
        assert_eq!(listed[0]["email"], "Ann@Example.com");
        assert_eq!(listed[0]["name"], "Smith, \"Ann\"");
        assert_eq!((&listed[0]["role"], &listed[0]["locale"]), (&"admin".into(), &"it".into()));
        assert_eq!((&listed[1]["role"], &listed[1]["locale"], &listed[1]["name"]), (&"member".into(), &"en".into(), &serde_json::Value::Null));
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM accounts WHERE password_hash IS NULL AND epoch = 1"), 2);
        let recorded = "SELECT COUNT(*) AS count FROM audit_events WHERE event = 'accounts_imported' AND detail = '2'";
        assert_eq!(app.count(recorded), 1);
        let password = app.mailed_password("bea@example.com").await;
        assert_eq!(app.logs_in("bea", &password).await.status(), StatusCode::OK);
    }

    async fn with_their_hashes_people_keep_their_passwords_and_get_a_hash_of_ours_at_the_first_login(database) {
        let app = App::start(database).await;
        let mut file = "user_name,email,password_hash\nnobody,nobody@example.com,\ndjango,django@example.com,!Kx0w5Qs4gHxURAXq\n".to_owned();
        for (number, hash) in HASHES.iter().enumerate() {
            writeln!(file, "user{number},user{number}@example.com,\"{hash}\"").unwrap();
        }
        assert_eq!(said(&imports(&app, file, &["--with-hashes"])), (0, "Imported 8 accounts; 0 lines were refused.\n".to_owned(), String::new()));
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM accounts WHERE password_hash IS NULL"), 2);
        let ours = || app.count(&format!("SELECT COUNT(*) AS count FROM accounts WHERE password_hash LIKE '{OURS}%'"));
        for (number, hash) in HASHES.iter().enumerate() {
            let user = format!("user{number}");
            let (before, hashes) = (ours(), app.hashes());
            assert_problem(app.logs_in(&user, "Tr0ub4dor & Sohne").await, 401, "invalid_credentials").await;
            assert_eq!((ours(), app.hashes()), (before, hashes + 1), "a wrong password changes nothing and counts once");
            let answer = json_of(app.logs_in(&user, PASSWORD).await, StatusCode::OK).await;
            assert_eq!(answer["password_change_required"], false);
            assert_eq!(ours(), before + 1, "{hash}");
            assert_problem(app.logs_in(&user, "Tr0ub4dor & Sohne").await, 401, "invalid_credentials").await;
            assert_eq!(app.logs_in(&user, PASSWORD).await.status(), StatusCode::OK);
        }
        assert_problem(app.logs_in("django", "Kx0w5Qs4gHxURAXq").await, 401, "invalid_credentials").await;
    }

    async fn each_refused_line_is_told_with_its_reason_and_nothing_is_imported(database) {
        let app = App::start(database).await;
        app.has_account("cleo", "cleo@example.com");
        let costly = "$2b$15$61ec7zxBQQ07BhyPDSl.aOQGnTkIDWTucbvFNXu8DFYa.Y0pEHnAa";
        let lines: [(&[u8], &str); 22] = [
            (b"ann,ann@example.com,Ann,member,en,", ""),
            (b"bob,bob,Bob,member,en,", "email: this is not an email address"),
            (b"b@b,bob@example.com,,,,", "user_name: a user name holds no \"@\""),
            (b",,,,,", "user_name: the user name is empty; email: the email address is empty"),
            (b"bob,bob@example.com,B\tob,,,", "name: the name holds a control character"),
            (b"bob,bob@example.com,,boss,,", "role: it is member or admin"),
            (b"bob,bob@example.com,,,tlh,", "locale: not a language that Rekey speaks; it speaks: en, it, de, fr, es"),
            (b"bob,bob@example.com,,,,secret", "password_hash: not a hash that Rekey knows; it knows Argon2, bcrypt, scrypt and PBKDF2, as PHC strings and as Django has them"),
            (b"bob,bob@example.com,,,,$2b$04$x", "password_hash: this bcrypt hash is damaged, or shorter than 16 bytes"),
            (&[b"bob,bob@example.com,,,,", costly.as_bytes()].concat(), "password_hash: this hash would cost too much at each login; the most is 14 for the cost of bcrypt"),
            (b"bob,bob@example.com", "it has 2 fields where the first line has 6"),
            (b"bob,bob@example.com,\"Bob,,,", "a quote is not closed"),
            (b"b\"ob\",bob@example.com,\"B,,,", "a quote is not closed"),
            (b"b\xf6b,bob@example.com,,,,", "it is not UTF-8"),
            (b"bob,bob@example.com,,,,\rx,x@example.com,,,,", "it holds a carriage return; lines end with a line feed, or with both"),
            ("ＡＮＮ,other@example.com,,,,".as_bytes(), "user_name: line 2 has it already"),
            (b"other,ANN@Example.com,,,,", "email: line 2 has it already"),
            (b"Ann,ann@EXAMPLE.com,,,,", "user_name: line 2 has it already; email: line 2 has it already"),
            (b"CLEO,other@example.com,,,,", "user_name: an account has it already"),
            (b"other2,Cleo@Example.com,,,,", "email: an account has it already"),
            (b"   ", ""),
            (b"bob,bob@example.com,,,,", ""),
        ];
        let mut file = b"user_name,email,name,role,locale,password_hash\n".to_vec();
        let mut report = String::new();
        for ((line, reason), number) in lines.iter().zip(2..) {
            file.extend_from_slice(line);
            file.push(b'\n');
            if !reason.is_empty() {
                writeln!(report, "line {number}: {reason}").unwrap();
            }
        }
        for flags in [&["--with-hashes"][..], &["--with-hashes", "--dry-run"]] {
            let output = said(&imports(&app, &file, flags));
            let failure = "rekey: 19 lines were refused, so nothing is imported: mend the file, or import the others with --skip-bad\n";
            assert_eq!(output, (1, String::new(), format!("{report}{failure}")));
            assert_eq!(accounts(&app), 1);
        }
        let tried = said(&imports(&app, &file, &["--with-hashes", "--skip-bad", "--dry-run"]));
        assert_eq!(tried, (0, "Would import 2 accounts; 19 lines were refused.\n".to_owned(), report.clone()));
        assert_eq!(accounts(&app), 1);
        let done = said(&imports(&app, &file, &["--with-hashes", "--skip-bad"]));
        assert_eq!(done, (0, "Imported 2 accounts; 19 lines were refused.\n".to_owned(), report));
        assert_eq!(accounts(&app), 3);
        assert_eq!(app.count("SELECT COUNT(*) AS count FROM accounts WHERE user_name_key IN ('ann', 'bob')"), 2);
    }

    async fn a_first_line_that_is_not_good_is_told(database) {
        let app = App::start(database).await;
        for (file, flags, reason) in [
            ("", &[][..], "the first line has to name the columns"),
            ("\u{feff}", &[], "the first line has to name the columns"),
            ("\nuser_name,email\n", &[], "the first line has to name the columns"),
            ("user_name;email\nann;ann@example.com\n", &[], "separated by commas"),
            ("user_name,email,shoe,hat\n", &[], "unknown columns: \"shoe\", \"hat\";"),
            ("user_name\nann\n", &[], "the column email is missing"),
            ("email\nann@example.com\n", &[], "the column user_name is missing"),
            ("user_name,email,email\n", &[], "the column email is there twice"),
            ("user_name,email,password_hash\nann,ann@example.com,\n", &[], "--with-hashes"),
            ("user_name,email\nann,ann@example.com\n", &["--with-hashes"], "the column password_hash is missing"),
            ("user_name,email\rann,ann@example.com\r", &[], "carriage return"),
        ] {
            let (code, done, report) = said(&imports(&app, file, flags));
            assert_eq!((code, done.as_str()), (1, ""), "{file:?}");
            assert!(report.contains(reason), "{file:?}: {report}");
        }
        assert_eq!(accounts(&app), 0);
        let (code, done, _) = said(&imports(&app, "user_name,email\n", &[]));
        assert_eq!((code, done.as_str()), (0, "Imported 0 accounts; 0 lines were refused.\n"));
        let missing = said(&app.rekey(&["account", "import", "no-such.csv"]).output().unwrap());
        assert!(missing.0 == 1 && missing.2.contains("cannot read no-such.csv"), "{missing:?}");
    }

    async fn an_import_that_is_killed_half_way_leaves_nothing(database) {
        let app = App::start(database).await;
        let mut file = "user_name,email\n".to_owned();
        for number in 0..2500 {
            writeln!(file, "user{number},user{number}@example.com").unwrap();
        }
        let path = app.folder.path().join("people.csv");
        std::fs::write(&path, &file).unwrap();
        let killed = app
            .rekey(&["account", "import", path.to_str().unwrap()])
            .env("REKEY_DRILL_DIE_AT", "import.half_way")
            .output()
            .unwrap();
        assert_eq!(killed.status.code(), None, "{killed:?}");
        assert_eq!(accounts(&app), 0);
        let again = said(&app.rekey(&["account", "import", path.to_str().unwrap()]).output().unwrap());
        assert_eq!(again, (0, "Imported 2,500 accounts; 0 lines were refused.\n".to_owned(), String::new()));
        assert_eq!(accounts(&app), 2500);
        database::execute(&app.database_url, "DELETE FROM accounts WHERE user_name_key = 'user7'");
        let rest = said(&imports(&app, &file, &["--skip-bad"]));
        assert_eq!((rest.0, rest.1.as_str()), (0, "Imported 1 account; 2,499 lines were refused.\n"));
    }

    async fn a_hash_beyond_the_bounds_opens_for_nobody_even_when_it_lies_in_the_database(database) {
        let app = App::start(database).await;
        app.has_account("ann", ANN);
        // One iteration more than the most, and otherwise the right password's (Python's hashlib).
        database::execute(&app.database_url, "UPDATE accounts SET password_hash = 'pbkdf2_sha256$2000001$salt$9zEo2h55h2vqF4YuJalycDegIRYDCLNmO5bN8D5fkVY='");
        assert_problem(app.logs_in("ann", PASSWORD).await, 401, "invalid_credentials").await;
    }
}
