use serde::{Deserialize, Serialize};

/// A page of a list, and how to get the next one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct List<T> {
    /// As many as a page has, or fewer.
    pub items: Vec<T>,
    /// Sent back as `cursor`, it gets the next page; without one, this was the last. It means nothing by itself.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub next_cursor: Option<String>,
}
