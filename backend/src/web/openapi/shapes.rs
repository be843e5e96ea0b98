//! Where the derives say less, or other, than the code does.

use utoipa::Modify;
use utoipa::openapi::schema::{ArrayItems, Schema};
use utoipa::openapi::{OpenApi, Ref, RefOr};

/// A body may be missing; but one that is there is no `null`, which the derive takes for the same.
pub(super) struct OptionalBodies;

impl Modify for OptionalBodies {
    fn modify(&self, openapi: &mut OpenApi) {
        let posts = openapi.paths.paths.values_mut().filter_map(|item| item.post.as_mut());
        for body in posts.filter_map(|post| post.request_body.as_mut()) {
            let RefOr::T(body) = body else { continue };
            for content in body.content.values_mut() {
                if let RefOr::T(content) = content
                    && let Some(RefOr::T(Schema::OneOf(or_null))) = &content.schema
                {
                    content.schema = or_null.items.first().cloned();
                }
            }
        }
    }
}

/// The items of a list are a type with a name; the derive repeats the whole type.
pub(super) struct ListItems;

impl Modify for ListItems {
    fn modify(&self, openapi: &mut OpenApi) {
        let Some(components) = &mut openapi.components else { return };
        for (name, schema) in &mut components.schemas {
            if let (Some(of), RefOr::T(Schema::Object(list))) = (name.strip_prefix("List_"), schema)
                && let Some(RefOr::T(Schema::Array(items))) = list.properties.get_mut("items")
            {
                items.items = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(of).into()));
            }
        }
    }
}
