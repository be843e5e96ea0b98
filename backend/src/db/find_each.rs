use diesel::query_dsl::methods::LoadQuery;
use diesel::{Connection, OptionalExtension, QueryResult, RunQueryDsl};

/// What there is under each key, by a statement that is read and planned once. In the database's own dialect: for either at once,
/// diesel spends a third of the time on finding out which it is.
pub(crate) fn find_each<'query, Key, Query, Row, Db: Connection>(
    db: &mut Db,
    keys: &'query [Key],
    query: impl Fn(&'query Key) -> Query,
) -> QueryResult<Vec<Option<Row>>>
where
    Query: RunQueryDsl<Db> + LoadQuery<'query, Db, Row>,
{
    keys.iter().map(|key| query(key).get_result(db).optional()).collect()
}
