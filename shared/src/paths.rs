//! Each path stands here once. An API path never serves HTML; a page path is never an API path.

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
/// `GET`: who is logged in.
pub const ME: &str = "/me";
/// `POST`: chooses a new password.
pub const ME_PASSWORD: &str = "/me/password";
/// `GET`: the process runs.
pub const HEALTH_LIVE: &str = "/health/live";
/// `GET`: the database answers and is up to date.
pub const HEALTH_READY: &str = "/health/ready";
/// `GET`: what the page may know of this installation.
pub const CONFIG: &str = "/config.json";
/// `GET`: the public keys that verify access tokens (RFC 7517).
pub const JWKS: &str = "/.well-known/jwks.json";
/// `GET`: the letters that were captured because no SMTP server is set; only where the public URL is loopback.
pub const DEV_MAILBOX: &str = "/dev/mailbox";

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
    /// "Welcome": user and password.
    pub const LOGIN: &str = "/";
    /// "Insert your email!".
    pub const FORGOTTEN_PASSWORD: &str = "/forgotten-password";
    /// What the link in the mail opens; the token is in the fragment.
    pub const RESET: &str = "/reset";
    /// The only page that a mailed password opens.
    pub const CHOOSE_PASSWORD: &str = "/choose-password";
    /// Who I am, sign out.
    pub const HOME: &str = "/home";
    /// Asking the operator for an account.
    pub const REQUEST_CREDENTIAL: &str = "/request-credential";

    /// Every page; any other address is answered with "not found".
    pub const ALL: &[&str] = &[LOGIN, FORGOTTEN_PASSWORD, RESET, CHOOSE_PASSWORD, HOME, REQUEST_CREDENTIAL];
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
    page::ALL.contains(&path)
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
    }
}
