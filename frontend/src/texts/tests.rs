use std::collections::HashSet;

use rekey_shared::admin::AuditEvent;

use super::*;

const LIMITS: ClientLimits = ClientLimits {
    reset_mails_per_hour: 5,
    reset_link_life_seconds: 3600,
    temporary_password_life_seconds: 86_400,
    password_min_characters: 15,
    password_max_bytes: 1024,
};

#[test]
fn the_words_of_the_original_stand_exactly_so() {
    let texts = Texts::of(Locale::En);
    assert_eq!(texts.login.user, "User");
    assert_eq!(texts.login.password, "Password");
    assert_eq!(texts.login.welcome, "Welcome");
    assert_eq!(texts.login.forgot, "Forgot your password?");
    assert_eq!(texts.login.request_credential, "Request your credential");
    assert_eq!(texts.request.title, "Insert your email!");
    assert_eq!(texts.request.greeting, "Hi! Insert your email!");
    assert_eq!(texts.request.email, "Email");
    assert_eq!(texts.request.must_be_linked, "The Email MUST be linked to an account.");
    assert_eq!(texts.request.submit, "Send");
    assert_eq!(texts.request.sent, "Email Sent");
    assert_eq!(texts.back_to_login, "Back to login");
    assert_eq!(texts.confirm.submit, "Send me a new password");
    assert_eq!(texts.confirm.sent, "New password sent via mail");
    assert_eq!(
        (texts.problem)(ProblemCode::ResetLinkUsed),
        "You can use a reset link only once. If you just used it, the new password is on its way."
    );
    assert_eq!(texts.choose.title, "Choose your own password");
}

#[test]
fn every_language_has_its_own_sentence_for_each_code() {
    for code in ProblemCode::ALL {
        let sentences: HashSet<_> = Locale::ALL.map(|locale| (Texts::of(locale).problem)(*code)).into();
        assert_eq!(sentences.len(), Locale::ALL.len(), "{}", code.text());
    }
    for code in FieldCode::ALL {
        for field in Field::ALL.iter().copied() {
            let sentences: HashSet<_> =
                Locale::ALL.map(|locale| (Texts::of(locale).field)(field, *code, &LIMITS)).into();
            assert_eq!(sentences.len(), Locale::ALL.len(), "{}", code.text());
            assert!(sentences.iter().all(|sentence| sentence.ends_with('.')));
        }
    }
}

#[test]
fn every_event_has_a_name_of_its_own_in_every_language() {
    for locale in Locale::ALL {
        let names: HashSet<_> = AuditEvent::ALL
            .iter()
            .map(|event| (SignedInTexts::of(locale).administration.audit.event)(*event))
            .collect();
        assert_eq!(names.len(), AuditEvent::ALL.len());
    }
}

#[test]
fn the_three_ends_of_a_link_are_told_apart() {
    for locale in Locale::ALL {
        let links = [ProblemCode::ResetLinkUsed, ProblemCode::ResetLinkExpired, ProblemCode::ResetLinkUnknown];
        let sentences: HashSet<_> = links.map(|code| (Texts::of(locale).problem)(code)).into();
        assert_eq!(sentences.len(), 3);
    }
}

#[test]
fn one_is_singular() {
    assert_eq!((Texts::of(Locale::En).request.mails_an_hour)(1), "At most 1 mail an hour is sent.");
    assert!((Texts::of(Locale::It).try_again_in)(Span::Minutes(1)).contains("1 minuto."));
    assert!((Texts::of(Locale::It).try_again_in)(Span::Minutes(2)).contains("2 minuti."));
    assert!((Texts::of(Locale::De).try_again_in)(Span::Days(1)).contains("1 Tag "));
    assert!((Texts::of(Locale::De).try_again_in)(Span::Days(3)).contains("3 Tagen "));
    assert!((Texts::of(Locale::Fr).try_again_in)(Span::Hours(1)).contains("1 heure."));
    assert!((Texts::of(Locale::Es).try_again_in)(Span::Days(2)).contains("2 días."));
}

#[test]
fn the_choice_goes_before_the_browsers_languages_and_these_before_english() {
    let browser = ["tlh", "it-CH", "en"].map(str::to_owned);
    assert_eq!(choose_locale(Some("en"), &browser, &Locale::ALL), Locale::En);
    assert_eq!(choose_locale(None, &browser, &Locale::ALL), Locale::It);
    assert_eq!(choose_locale(Some("nonsense"), &browser, &Locale::ALL), Locale::It);
    assert_eq!(choose_locale(Some("it"), &browser, &[Locale::En]), Locale::En);
    for (tag, chosen) in [("de-AT", Locale::De), ("fr-CA", Locale::Fr), ("es-419", Locale::Es), ("tlh", Locale::En)] {
        assert_eq!(choose_locale(None, &[tag.to_owned()], &Locale::ALL), chosen);
    }
    assert_eq!(choose_locale(None, &[], &Locale::ALL), Locale::En);
}
