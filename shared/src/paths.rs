//! Each path stands here once. An API path never serves HTML, but for `/docs`; a page path is never an API path.

/// `POST`: user and password in, a session out.
pub const LOGIN: &str = "/login";
/// `POST`: ends the session.
pub const LOGOUT: &str = "/logout";
/// `POST`: a new access token for a session that lives.
pub const SESSION_REFRESH: &str = "/session/refresh";
/// `POST`: asks for a reset link; the answer is the same for everyone.
pub const PASSWORD_RESET_REQUEST: &str = "/password-reset/request";
/// `POST`: confirms a reset link.
pub const PASSWORD_RESET_CONFIRM: &str = "/password-reset/confirm";
/// `GET`: who is logged in. `PATCH`: name and language.
pub const ME: &str = "/me";
/// `POST`: chooses a new password.
pub const ME_PASSWORD: &str = "/me/password";
/// `POST`: asks for another email address.
pub const ME_EMAIL: &str = "/me/email";
/// `POST`: confirms it by the link that was mailed there.
pub const ME_EMAIL_CONFIRM: &str = "/me/email/confirm";
/// `GET`: the sessions. `DELETE`: ends all but this one.
pub const ME_SESSIONS: &str = "/me/sessions";
/// `DELETE`: ends one session.
pub const ME_SESSION: &str = "/me/sessions/{id}";
/// `POST`: asks the operator for an account; the answer is the same for everyone.
pub const CREDENTIAL_REQUESTS: &str = "/credential-requests";
/// `GET`: accounts, `?search=` by the beginning of user name or email. `POST`: a new one.
pub const ADMIN_ACCOUNTS: &str = "/admin/accounts";
/// `GET`, `PATCH`, `DELETE`: one account.
pub const ADMIN_ACCOUNT: &str = "/admin/accounts/{id}";
/// `POST`: mails a reset link to the account's address.
pub const ADMIN_ACCOUNT_SEND_RESET: &str = "/admin/accounts/{id}/send-reset";
/// `DELETE`: ends the account's sessions.
pub const ADMIN_ACCOUNT_SESSIONS: &str = "/admin/accounts/{id}/sessions";
/// `GET`: requests that wait.
pub const ADMIN_CREDENTIAL_REQUESTS: &str = "/admin/credential-requests";
/// `POST`: makes the account and mails its first password.
pub const ADMIN_CREDENTIAL_REQUEST_APPROVE: &str = "/admin/credential-requests/{id}/approve";
/// `POST`: says no, by mail.
pub const ADMIN_CREDENTIAL_REQUEST_REJECT: &str = "/admin/credential-requests/{id}/reject";
/// `GET`: letters, `?state=`.
pub const ADMIN_MAIL_QUEUE: &str = "/admin/mail-queue";
/// `DELETE`: drops a letter.
pub const ADMIN_QUEUED_MAIL: &str = "/admin/mail-queue/{id}";
/// `POST`: tries a letter now.
pub const ADMIN_QUEUED_MAIL_RETRY: &str = "/admin/mail-queue/{id}/retry";
/// `GET`: what happened, newest first, `?event=`, `?account=`, `?actor=`.
pub const ADMIN_AUDIT_EVENTS: &str = "/admin/audit-events";
/// `GET`: the process runs.
pub const HEALTH_LIVE: &str = "/health/live";
/// `GET`: the database answers and is up to date.
pub const HEALTH_READY: &str = "/health/ready";
/// `GET`: whether whoever sends a request to a tool is logged in, and who they are; proxies ask it.
pub const FORWARD_AUTH: &str = "/forward-auth";
/// `GET`: what the page may know of this installation.
pub const CONFIG: &str = "/config.json";
/// `GET`: the public keys that verify access tokens (RFC 7517).
pub const JWKS: &str = "/.well-known/jwks.json";
/// `GET`: leads to the page where the password is changed (W3C, A Well-Known URL for Changing Passwords).
pub const CHANGE_PASSWORD: &str = "/.well-known/change-password";
/// `GET`: what all these are, for machines (OpenAPI 3.1).
pub const OPENAPI: &str = "/openapi.json";
/// `GET`: the same for people, as a page to read and try. The only API path that serves HTML.
pub const DOCS: &str = "/docs";
/// `GET`: what that page is made of.
pub const DOCS_FILE: &str = "/docs/{file}";
/// `GET`: the letters that were captured because no SMTP server is set; only where the public URL is loopback.
pub const DEV_MAILBOX: &str = "/dev/mailbox";

/// `GET`: the operator's colours, a style sheet of the page.
pub const BRAND_SHEET: &str = "/brand.css";
/// `GET`: the operator's logo, where there is one.
pub const LOGO: &str = "/logo";
/// `GET`: what a browser's tab shows: the logo, if it is square, or Rekey's key.
pub const ICON: &str = "/icon";

/// First segments that belong to the API, also where no route is: an unknown path below one is a problem, never a page.
pub const API_ROOTS: &[&str] = &[
    "login",
    "logout",
    "session",
    "password-reset",
    "me",
    "health",
    "config.json",
    "dev",
    "credential-requests",
    "admin",
    "openapi.json",
    "docs",
    "forward-auth",
    ".well-known",
];

/// The pages, as they stand in the address bar.
pub mod page {
    /// "Welcome": user and password. `?return_to=` is where it leads.
    pub const LOGIN: &str = "/";
    /// "Insert your email!".
    pub const FORGOTTEN_PASSWORD: &str = "/forgotten-password";
    /// What the link in the mail opens; the token is in the fragment.
    pub const RESET: &str = "/reset";
    /// The only page that a mailed password opens.
    pub const CHOOSE_PASSWORD: &str = "/choose-password";
    /// Who I am, sign out.
    pub const HOME: &str = "/home";
    /// The own account: name, language, email, password, sessions.
    pub const ACCOUNT: &str = "/account";
    /// What the link in the mail to a new address opens; the token is in the fragment.
    pub const CONFIRM_EMAIL: &str = "/confirm-email";
    /// Asking the operator for an account.
    pub const REQUEST_CREDENTIAL: &str = "/request-credential";
    /// Administration: accounts. With `/{id}`: one of them.
    pub const ADMINISTRATION_ACCOUNTS: &str = "/administration/accounts";
    /// Administration: requests for accounts.
    pub const ADMINISTRATION_CREDENTIAL_REQUESTS: &str = "/administration/credential-requests";
    /// Administration: letters.
    pub const ADMINISTRATION_MAIL_QUEUE: &str = "/administration/mail-queue";
    /// Administration: what happened.
    pub const ADMINISTRATION_AUDIT_EVENTS: &str = "/administration/audit-events";

    /// Every page; any other address is answered with "not found".
    pub const ALL: &[&str] = &[
        LOGIN,
        FORGOTTEN_PASSWORD,
        RESET,
        CHOOSE_PASSWORD,
        HOME,
        ACCOUNT,
        CONFIRM_EMAIL,
        REQUEST_CREDENTIAL,
        ADMINISTRATION_ACCOUNTS,
        ADMINISTRATION_CREDENTIAL_REQUESTS,
        ADMINISTRATION_MAIL_QUEUE,
        ADMINISTRATION_AUDIT_EVENTS,
    ];

    /// Those for whoever is logged in, as is the page of one account. They come with a program of their own, which nobody
    /// need load to log in.
    pub const SIGNED_IN: &[&str] = &[
        HOME,
        ACCOUNT,
        ADMINISTRATION_ACCOUNTS,
        ADMINISTRATION_CREDENTIAL_REQUESTS,
        ADMINISTRATION_MAIL_QUEUE,
        ADMINISTRATION_AUDIT_EVENTS,
    ];
}

/// Whether a path belongs to the API, be there a route or not.
#[must_use]
pub fn is_api(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    API_ROOTS.contains(&first)
}

/// Whether a path is one of the pages.
#[must_use]
pub fn is_page(path: &str) -> bool {
    page::ALL.contains(&path) || one_account(path).is_some()
}

/// Whether a path is a page for whoever is logged in.
#[must_use]
pub fn is_signed_in_page(path: &str) -> bool {
    page::SIGNED_IN.contains(&path) || one_account(path).is_some()
}

/// Whose page this is in the administration: the id of one account.
#[must_use]
pub fn one_account(path: &str) -> Option<&str> {
    let id = path.strip_prefix(page::ADMINISTRATION_ACCOUNTS)?.strip_prefix('/')?;
    (!id.is_empty() && !id.contains('/')).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_page_lies_under_the_api() {
        for page in page::ALL {
            assert!(!is_api(page), "{page}");
        }
    }

    #[test]
    fn what_lies_under_an_api_path_belongs_to_it() {
        assert!(is_api("/password-reset/nothing-here"));
        assert!(is_api("/me"));
        assert!(!is_api("/menu"));
        assert!(!is_api("/administration/accounts"));
    }

    #[test]
    fn one_account_has_a_page() {
        assert!(is_page("/administration/accounts/0190"));
        assert_eq!(one_account("/administration/accounts/0190"), Some("0190"));
        assert!(!is_page("/administration/accounts/"));
        assert!(!is_page("/administration/accounts/0190/more"));
    }

    #[test]
    fn what_a_letter_opens_needs_no_login() {
        for page in [page::LOGIN, page::FORGOTTEN_PASSWORD, page::RESET, page::CHOOSE_PASSWORD, page::CONFIRM_EMAIL] {
            assert!(is_page(page) && !is_signed_in_page(page), "{page}");
        }
        assert!(page::SIGNED_IN.iter().all(|page| is_page(page)));
        assert!(is_signed_in_page("/administration/accounts/0190"));
        assert!(!is_signed_in_page("/nowhere"));
    }
}
