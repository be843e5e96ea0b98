use std::fmt;
use std::time::Duration;

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Failure;
use crate::list::List;

/// What RFC 3986 lets stand everywhere in an address.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What is asked of the server. It can be sent again, with another token.
#[derive(Clone)]
pub struct Request {
    method: Method,
    path: &'static str,
    id: String,
    query: String,
    body: Option<Vec<u8>>,
    time_out: Option<Duration>,
}

impl Request {
    fn new(method: Method, path: &'static str) -> Self {
        Self { method, path, id: String::new(), query: String::new(), body: None, time_out: None }
    }

    /// `GET` and so on.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// One of [`crate::paths`], with `{id}` where an id stands.
    #[must_use]
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// Path and query, as they follow the origin.
    #[must_use]
    pub fn address(&self) -> String {
        self.path.replace("{id}", &self.id) + &self.query
    }

    /// JSON, if something is sent.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }

    /// How long to wait for its answer, where that is not for whoever sends it to say.
    #[must_use]
    pub fn time_out(&self) -> Option<Duration> {
        self.time_out
    }

    fn add_to_query(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            let mark = if self.query.is_empty() { '?' } else { '&' };
            self.query.push(mark);
            self.query.push_str(name);
            self.query.push('=');
            self.query.extend(utf8_percent_encode(value, RESERVED));
        }
    }
}

/// Never what is sent: passwords are among it.
impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method, self.path)
    }
}

/// An answer of success.
#[derive(Clone)]
pub struct Answer {
    status: u16,
    body: Vec<u8>,
}

impl Answer {
    /// What came over the wire: the status, the header `Retry-After`, the body.
    ///
    /// # Errors
    /// It is none of success.
    pub fn of(status: u16, retry_after: Option<&str>, body: Vec<u8>) -> Result<Self, Failure> {
        if (200..300).contains(&status) {
            return Ok(Self { status, body });
        }
        let seconds = retry_after.and_then(|seconds| seconds.parse().ok());
        match serde_json::from_slice(&body) {
            Ok(problem) => Err(Failure::Refused { problem, retry_after: seconds.map(Duration::from_secs) }),
            Err(_) => Err(Failure::Unreadable { status }),
        }
    }
}

/// A request, and how its answer is read. Only this is generic; everything else exists once.
#[must_use = "nothing is asked before it is sent"]
pub struct Call<A> {
    request: Request,
    read: fn(&[u8]) -> Option<A>,
}

impl<A: DeserializeOwned> Call<A> {
    pub(super) fn new(method: Method, path: &'static str) -> Self {
        Self { request: Request::new(method, path), read: |body| serde_json::from_slice(body).ok() }
    }

    pub(super) fn get(path: &'static str) -> Self {
        Self::new(Method::GET, path)
    }

    /// `None` where the server has nothing to say.
    pub(super) fn or_nothing(self) -> Call<Option<A>> {
        self.read_by(|body| if body.is_empty() { Some(None) } else { serde_json::from_slice(body).ok().map(Some) })
    }
}

impl Call<()> {
    /// The status says it all.
    pub(super) fn without_answer(method: Method, path: &'static str) -> Self {
        Self { request: Request::new(method, path), read: |_| Some(()) }
    }
}

impl<A> Call<A> {
    /// What is sent.
    #[must_use]
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// Reads an answer of [`super::Client::exchange`].
    ///
    /// # Errors
    /// It is not of this call's type.
    pub fn read(&self, answer: &Answer) -> Result<A, Failure> {
        (self.read)(&answer.body).ok_or(Failure::Unreadable { status: answer.status })
    }

    /// Whatever a successful answer says beyond that.
    pub fn ignoring_the_answer(self) -> Call<()> {
        self.read_by(|_| Some(()))
    }

    /// With a patience of its own.
    pub fn within(mut self, time_out: Duration) -> Self {
        self.request.time_out = Some(time_out);
        self
    }

    /// Adds to the query; a value that is empty says nothing. What the API knows today has an argument in [`super::api`].
    pub fn with_query(mut self, name: &str, value: &str) -> Self {
        self.request.add_to_query(name, value);
        self
    }

    /// About the thing with this id.
    pub(super) fn of(mut self, id: &str) -> Self {
        self.request.id = utf8_percent_encode(id, RESERVED).collect();
        self
    }

    pub(super) fn with_body(mut self, body: &impl Serialize) -> Self {
        // No type of ours fails to serialise; if one did, the server would say that the body is missing.
        self.request.body = serde_json::to_vec(body).ok();
        self
    }

    fn read_by<B>(self, read: fn(&[u8]) -> Option<B>) -> Call<B> {
        Call { request: self.request, read }
    }
}

impl<T> Call<List<T>> {
    /// The page behind the one that had this [`List::next_cursor`].
    pub fn after(self, cursor: &str) -> Self {
        self.with_query("cursor", cursor)
    }

    /// With so many items on a page.
    pub fn limited_to(self, items: u32) -> Self {
        self.with_query("limit", &items.to_string())
    }
}

impl<A> Clone for Call<A> {
    fn clone(&self) -> Self {
        Self { request: self.request.clone(), read: self.read }
    }
}

impl<A> fmt::Debug for Call<A> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request.fmt(formatter)
    }
}
