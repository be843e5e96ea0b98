use serde::{Deserialize, Serialize};

/// The media type of every error (RFC 9457).
pub const PROBLEM_JSON: &str = "application/problem+json";

/// An error as it crosses the wire (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Identifies the kind of problem: a URN that ends in the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// One English sentence for developers; people read the page's translation of `code`.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened, from a closed list.
    pub code: ProblemCode,
    /// Which fields are wrong, and how.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Finds the request in the server's log.
    #[serde(default)]
    pub request_id: String,
}

/// A field and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The field's name in the request; empty where the body as a whole is meant.
    pub field: String,
    /// What is wrong.
    pub code: FieldCode,
}

impl FieldError {
    /// A field and what is wrong with it.
    #[must_use]
    pub fn new(field: &str, code: FieldCode) -> Self {
        Self { field: field.to_owned(), code }
    }
}

/// A closed list of codes: an enum whose variants have one text each, in JSON and everywhere else.
macro_rules! codes {
    (
        $(#[doc = $about:literal])*
        $name:ident { $($(#[doc = $doc:literal])* $variant:ident = $text:literal,)+ }
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $name {
            $($(#[doc = $doc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code as it crosses the wire.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        // By hand: the derive does not see a name that comes out of a macro.
        #[cfg(feature = "openapi")]
        impl ::utoipa::PartialSchema for $name {
            fn schema() -> ::utoipa::openapi::RefOr<::utoipa::openapi::schema::Schema> {
                let about = [
                    concat!($($about, "\n",)* "\n"),
                    $(concat!("- `", $text, "`:", $($doc,)* "\n"),)+
                ];
                ::utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(::utoipa::openapi::schema::Type::String)
                    .enum_values(Some(Self::ALL.iter().map(|code| code.text())))
                    .description(Some(about.concat().trim()))
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl ::utoipa::ToSchema for $name {}
    };
}

pub(crate) use codes;

codes! {
    /// The closed list of problems. The page has a sentence for each in every language.
    ProblemCode {
        /// 400: the body is not JSON.
        MalformedJson = "malformed_json",
        /// 413: the body is larger than 16 KiB.
        BodyTooLarge = "body_too_large",
        /// 415: the body is not `application/json`.
        UnsupportedMediaType = "unsupported_media_type",
        /// 422: `errors` names the fields.
        InvalidInput = "invalid_input",
        /// 404.
        NotFound = "not_found",
        /// 405: `Allow` names the methods that are there.
        MethodNotAllowed = "method_not_allowed",
        /// 401: no token, or one that is not good.
        Unauthenticated = "unauthenticated",
        /// 403: a good token, but not for this.
        Forbidden = "forbidden",
        /// 401: user and password do not fit together, whatever the cause.
        InvalidCredentials = "invalid_credentials",
        /// 429: too many failed logins for this user; `Retry-After` says when.
        TooManyAttempts = "too_many_attempts",
        /// 429: too many requests from this client; `Retry-After` says when.
        TooManyRequests = "too_many_requests",
        /// 401: the session was there and is over.
        SessionEnded = "session_ended",
        /// 422: the new password breaks a rule; `errors` says which.
        PasswordRejected = "password_rejected",
        /// 410: a reset link works only once.
        ResetLinkUsed = "reset_link_used",
        /// 410: the reset link is too old.
        ResetLinkExpired = "reset_link_expired",
        /// 404: no such reset link.
        ResetLinkUnknown = "reset_link_unknown",
        /// 503: not now; `Retry-After` says when.
        Unavailable = "unavailable",
        /// 500: a fault of the server, told to its log.
        Internal = "internal",
    }
}

codes! {
    /// The closed list of what can be wrong with a field.
    FieldCode {
        /// Missing or empty.
        Required = "required",
        /// Not of the type that the API names, or not one of the values it names.
        WrongType = "wrong_type",
        /// Longer than allowed.
        TooLong = "too_long",
        /// Shorter than allowed.
        TooShort = "too_short",
        /// Not an email address (RFC 5321, RFC 6531).
        NotAnEmail = "not_an_email",
        /// Holds a character that no text may hold (NUL and other control characters).
        InvalidCharacter = "invalid_character",
        /// A language that Rekey does not speak.
        UnknownLanguage = "unknown_language",
        /// A password that is made of the person's or the application's own names.
        OwnName = "own_name",
        /// A password that many people use, or nothing but one of those repeated.
        TooCommon = "too_common",
        /// A new password that is the current one.
        Unchanged = "unchanged",
        /// Another account has it already.
        Taken = "taken",
        /// The change would leave nobody to administer accounts.
        LastAdmin = "last_admin",
        /// The account is disabled, and what is asked makes no sense before it is enabled.
        AccountDisabled = "account_disabled",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_the_same_in_json_and_in_text() {
        for code in ProblemCode::ALL {
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{}\"", code.text()));
        }
        for code in FieldCode::ALL {
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{}\"", code.text()));
        }
    }
}
