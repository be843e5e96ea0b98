//! The operator's look: a logo and an accent colour, for pages and letters.

mod accent;
mod colour;
mod logo;

use std::path::Path;

use crate::config::ConfigError;
pub use accent::Accent;
pub use logo::{Format, Logo};

/// What stands in the place of Rekey's own.
#[derive(Clone, Debug, Default)]
pub struct Brand {
    /// None: the name, and the key before it.
    pub logo: Option<Logo>,
    /// None: what the page's style sheet says.
    accent: Option<Accent>,
}

impl Brand {
    /// Reads both settings.
    ///
    /// # Errors
    /// [`ConfigError`] says what to do.
    pub(crate) fn from_settings(logo: Option<&Path>, accent: Option<&str>) -> Result<Self, ConfigError> {
        let logo = logo.map(Logo::read).transpose().map_err(|problem| ConfigError::new("REKEY_LOGO", problem))?;
        let accent =
            accent.map(Accent::parse).transpose().map_err(|problem| ConfigError::new("REKEY_ACCENT", problem))?;
        Ok(Self { logo, accent })
    }

    /// The operator's accent, where there is one.
    #[must_use]
    pub fn own_accent(&self) -> Option<&Accent> {
        self.accent.as_ref()
    }

    /// The operator's accent or Rekey's.
    #[must_use]
    pub fn accent(&self) -> &Accent {
        self.accent.as_ref().unwrap_or(&Accent::REKEY)
    }
}
