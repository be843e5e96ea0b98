//! Statements of which none needs what another does: PostgreSQL is sent all of them in one, so that they take one way to the
//! server and back.

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use diesel::{QueryResult, RunQueryDsl};

use super::{Db, DbError, PreparedDsl};

/// A statement for either database whose text is one of few.
pub(crate) trait Statement: QueryFragment<Pg> + QueryFragment<Sqlite> {}

impl<T: QueryFragment<Pg> + QueryFragment<Sqlite>> Statement for T {}

/// Runs all of them, in no order that may be relied on, each as if the others had not run yet. PostgreSQL happens to
/// begin with the last, which spares a deadlock where that one locks.
pub(crate) fn at_once(db: &mut Db, statements: &[&dyn Statement]) -> Result<(), DbError> {
    at_once_returning(db, statements).map(drop)
}

/// The same, and tells the texts that the last of them returns; what the others return nobody hears.
pub(crate) fn at_once_returning(db: &mut Db, statements: &[&dyn Statement]) -> Result<Vec<String>, DbError> {
    match db {
        Db::Postgres(postgres) => Ok(AtOnce(statements).prepared().load(postgres)?),
        Db::Sqlite(sqlite) => {
            let mut returned = Vec::new();
            for statement in statements {
                returned = AtOnce(&[*statement]).prepared().load(sqlite)?;
            }
            Ok(returned)
        }
    }
}

/// The first ones in the `WITH` of the last.
struct AtOnce<'a>(&'a [&'a dyn Statement]);

impl QueryFragment<Pg> for AtOnce<'_> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Some((last, first)) = self.0.split_last() else { return Ok(()) };
        for (number, statement) in first.iter().enumerate() {
            pass.push_sql(if number == 0 { "WITH " } else { ", " });
            pass.push_identifier(&format!("s{number}"))?;
            pass.push_sql(" AS (");
            QueryFragment::<Pg>::walk_ast(*statement, pass.reborrow())?;
            pass.push_sql(")");
        }
        if !first.is_empty() {
            pass.push_sql(" ");
        }
        QueryFragment::<Pg>::walk_ast(*last, pass.reborrow())
    }
}

impl QueryFragment<Sqlite> for AtOnce<'_> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.0.iter().try_for_each(|statement| QueryFragment::<Sqlite>::walk_ast(*statement, pass.reborrow()))
    }
}

/// Most return no row, and are loaded all the same: diesel asks only a query that is loaded whether it may be kept prepared.
impl Query for AtOnce<'_> {
    type SqlType = Text;
}

impl QueryId for AtOnce<'_> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}
