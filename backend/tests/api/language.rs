//! The language that somebody reads: that of the browser that asks, or the one that the account keeps.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::app::{App, OWN_PASSWORD};
use crate::support::{Setup, on_both_databases};

const ANN: &str = "ann@example.com";

/// What a browser calls its language; the code; and what the letters say in it.
const LANGUAGES: [[&str; 5]; 5] = [
    ["en-GB", "en", ">Here</a>", "your new password", "24 hours"],
    ["it-IT", "it", ">Qui</a>", "la tua nuova password", "24 ore"],
    ["de-AT", "de", ">Hier</a>", "Ihr neues Passwort", "24 Stunden"],
    ["fr-CA", "fr", ">Ici</a>", "votre nouveau mot de passe", "24 heures"],
    ["es-419", "es", ">Aquí</a>", "su nueva contraseña", "24 horas"],
];

on_both_databases! {
    async fn letters_speak_the_language_that_was_asked_for(database) {
        let app = App::start(database).await;
        for [tag, code, here, subject, life] in LANGUAGES {
            let email = format!("{code}@example.com");
            app.has_account(code, &email);
            app.posts("/password-reset/request", &json!({ "email": email, "locale": tag })).await;
            let link = app.letter_to(&email, 1).await;
            assert!(link.html.contains(here) && link.html.contains(&format!("lang=\"{code}\"")), "{}", link.html);
            app.confirms(&link.token()).await;
            let letter = app.letter_to(&email, 2).await;
            assert!(letter.subject.ends_with(subject), "{}", letter.subject);
            assert!(letter.text.contains(life), "{}", letter.text);
        }
    }

    async fn an_account_keeps_its_language_for_letters_that_name_none(database) {
        let app = App::start_with(database, Setup::with(&["--reset-mails-per-hour=0"])).await;
        app.has_account("ann", ANN);
        let token = app.access_token("ann", OWN_PASSWORD).await;
        for (number, [tag, code, here, ..]) in LANGUAGES.into_iter().enumerate() {
            let changed = app.calls(&token, Method::PATCH, "/me", Some(json!({ "locale": tag }))).await;
            assert_eq!(changed.status(), StatusCode::OK, "{tag}");
            app.asks_for_reset(ANN).await;
            let link = app.letter_to(ANN, number + 1).await;
            assert!(link.html.contains(here) && link.html.contains(&format!("lang=\"{code}\"")), "{}", link.html);
        }
    }
}
