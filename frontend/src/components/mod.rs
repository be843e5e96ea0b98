pub(crate) mod button;
pub(crate) mod card;
pub(crate) mod frame;
pub(crate) mod icon;
pub(crate) mod text_field;
