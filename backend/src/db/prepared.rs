//! Statements that are read and planned once for each connection. diesel does so with whatever surely has one text. It does
//! not count UPDATE among them: the text of a changeset depends on which of its fields are there. Ours name all of theirs,
//! and the text is the key under which they are kept. Only of queries that return something does diesel ask this.

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::{QueryResult, RunQueryDsl};

/// A query whose text is one of few.
#[derive(Clone, Copy, Debug)]
#[must_use = "a query does nothing before it is loaded"]
pub(crate) struct Prepared<T>(T);

/// Keeps a query prepared.
pub(crate) trait PreparedDsl: Sized {
    fn prepared(self) -> Prepared<Self> {
        Prepared(self)
    }
}

impl<T> PreparedDsl for T {}

impl<DB: Backend, T: QueryFragment<DB>> QueryFragment<DB> for Prepared<T> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<T> QueryId for Prepared<T> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T: Query> Query for Prepared<T> {
    type SqlType = T::SqlType;
}

impl<T, Connection> RunQueryDsl<Connection> for Prepared<T> {}
